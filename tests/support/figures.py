"""Figures counted anew from all facts, and random changes of these facts: what stated figures are held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text

from libs.common.database import Transaction, new_id
from libs.common.indicators import note_changes

FIRST = date(2017, 1, 1)
HOME = "433124"

FRESH = {
    "registry": """
        WITH now AS (
          SELECT DISTINCT ON (person) person, work_place, channel FROM situation WHERE since <= :day ORDER BY person, since DESC
        ), known AS (
          SELECT p.household, p.labourer, p.labourer AND now.work_place IS NOT NULL AS employed, now.work_place, now.channel
          FROM now JOIN person p ON p.id = now.person
        )
        SELECT count(DISTINCT household) AS households, count(*) AS people, count(*) FILTER (WHERE labourer) AS labourers,
          count(*) FILTER (WHERE employed) AS employed,
          count(*) FILTER (WHERE employed AND work_place IN ('01', '02')) AS in_county,
          count(*) FILTER (WHERE employed AND work_place = '03') AS in_province,
          count(*) FILTER (WHERE employed AND work_place = '04') AS out_of_province,
          count(*) FILTER (WHERE employed AND work_place NOT IN ('01', '02', '03', '04')) AS elsewhere,
          count(*) FILTER (WHERE employed AND channel = '自主就业') AS own_account,
          count(*) FILTER (WHERE employed AND channel = '帮扶就业') AS assisted
        FROM known WHERE CAST(:county AS text) IS NOT NULL""",
    "retention": """
        SELECT count(DISTINCT i.person) AS placed, count(DISTINCT i.person) FILTER (WHERE s.runs) AS in_work,
          coalesce(sum(s.wage_fen) FILTER (WHERE s.runs), 0) AS wage_sum_fen, count(*) FILTER (WHERE s.runs) AS wage_count,
          (SELECT count(*) FROM service v WHERE v.county = :county AND v."on" <= :day) AS services,
          (SELECT count(*) FROM service v WHERE v.county = :county AND v."on" <= :day AND v.kind = 'training') AS trainings,
          (SELECT count(*) FROM service v WHERE v.county = :county AND v."on" <= :day AND v.kind = 'guidance') AS guidances,
          (SELECT count(*) FROM service v WHERE v.county = :county AND v."on" <= :day AND v.kind = 'introduction') AS introductions,
          (SELECT count(*) FROM ledger l WHERE l."on" <= :day) AS subsidies,
          (SELECT coalesce(sum(l.amount_fen), 0) FROM ledger l WHERE l."on" <= :day) AS subsidies_fen
        FROM (SELECT *, "end" IS NULL OR "end" >= :day AS runs FROM spell WHERE county = :county AND start <= :day) s
        JOIN introduction i ON i.id = s.introduction""",
    "jobs": """
        WITH offered AS (
          SELECT id, openings FROM vacancies WHERE city = :county AND vetted_on <= :day AND state IN ('vetted', 'withdrawn')
            AND (withdrawn_on IS NULL OR withdrawn_on > :day)
        ), taken AS (
          SELECT h.vacancy, count(*) AS hires FROM hires h JOIN offered o ON o.id = h.vacancy
          WHERE h.hired_on <= :day AND (h.freed_on IS NULL OR h.freed_on > :day) GROUP BY h.vacancy
        )
        SELECT (SELECT count(*) FROM employers WHERE city = :county AND listed_on <= :day) AS employers,
          (SELECT count(*) FROM designations WHERE since <= :day AND until >= :day AND coalesce(ended_on, until) >= :day) AS designations,
          (SELECT count(*) FROM hires h JOIN vacancies v ON v.id = h.vacancy WHERE h.hired_on <= :day AND NOT h.released AND v.employer IN
            (SELECT d.employer FROM designations d WHERE h.hired_on BETWEEN d.since AND d.until AND h.hired_on <= coalesce(d.ended_on, d.until))) AS intake,
          (SELECT count(*) FROM fairs WHERE state = 'held' AND day <= :day) AS fairs,
          count(*) AS vacancies, coalesce(sum(o.openings), 0) AS openings,
          coalesce(sum(greatest(0, o.openings - coalesce(t.hires, 0))), 0) AS openings_left
        FROM offered o LEFT JOIN taken t ON t.vacancy = o.id""",
}


async def count_anew(tx: Transaction, service: str, day: date) -> dict[str, int]:
    """The figures at the end of a day, from everything that is on record."""
    row = (await tx.execute(text(FRESH[service]), {"day": day, "county": HOME})).one()
    return {name: int(value) for name, value in row._mapping.items()}


@dataclass
class Facts:
    """A few facts of one service, changed at random; each change notes whom it is about and from which day on."""

    dice: Random
    tx: Transaction

    def day(self) -> date:
        return FIRST + timedelta(days=self.dice.randrange(120))

    async def write(self, statement: str, **given: Any) -> list[Any]:
        result = await self.tx.execute(text(statement), given)
        return list(result.all()) if result.returns_rows else []

    async def pick(self, query: str) -> Any | None:
        found = await self.write(query)
        return self.dice.choice(found) if found else None

    async def note(self, on: date, *subjects: UUID | None) -> None:
        await note_changes(self.tx, HOME, on, [each for each in subjects if each is not None])


class RegistryFacts(Facts):
    async def change(self) -> None:
        await self.dice.choice([self.household, self.person, self.situation, self.verdict, self.move, self.forget])()

    async def household(self) -> UUID:
        one = new_id()
        await self.write(
            "INSERT INTO household (id, number_sealed, number_index, township, village, burden, as_of)"
            " VALUES (:id, '', decode(md5(:key), 'hex'), 'T', 'V', 0, :on)",
            id=one,
            key=str(one),
            on=FIRST,
        )
        return one

    async def person(self) -> None:
        home = await self.pick("SELECT id FROM household ORDER BY id")
        one, household, on = new_id(), home.id if home else await self.household(), self.day()
        await self.write(
            "INSERT INTO person (id, household, name_sealed, number_sealed, number_index, name_index, sex, birth_date,"
            " township, village, ethnic_group, kinship, education, pupil, ability, disability, political_status,"
            " work_employer, work_months, low_income, destitute, labourer, as_of)"
            " VALUES (:id, :home, '', '', decode(md5(:key), 'hex'), '', '1', '1980-01-01',"
            " 'T', 'V', '', '', '', '', '', '', '', '', 0, false, false, :labourer, :on)",
            id=one,
            home=household,
            key=str(one),
            labourer=self.dice.random() < 0.7,
            on=on,
        )
        await self.situate(one, household, on)

    async def situate(self, person: UUID, household: UUID, on: date) -> None:
        place = self.dice.choice([None, "01", "02", "03", "04", "05"])
        await self.write(
            "INSERT INTO situation (person, since, work_place, channel, source) VALUES (:person, :on, :place, :channel, 'x')"
            " ON CONFLICT (person, since) DO UPDATE SET work_place = excluded.work_place, channel = excluded.channel",
            person=person,
            on=on,
            place=place,
            channel=self.dice.choice([None, "自主就业", "帮扶就业"]) if place else None,
        )
        await self.note(on, household)

    async def situation(self) -> None:
        if one := await self.pick("SELECT id, household FROM person ORDER BY id"):
            await self.situate(one.id, one.household, self.day())

    async def verdict(self) -> None:
        if one := await self.pick("SELECT id, household FROM person ORDER BY id"):
            await self.write("UPDATE person SET labourer = NOT labourer WHERE id = :id", id=one.id)
            await self.note(FIRST, one.household)

    async def move(self) -> None:
        one, home = await self.pick("SELECT id, household FROM person ORDER BY id"), await self.household()
        if one:
            await self.write("UPDATE person SET household = :home WHERE id = :id", home=home, id=one.id)
            await self.note(FIRST, one.household, home)

    async def forget(self) -> None:
        if one := await self.pick("SELECT id, household FROM person ORDER BY id"):
            await self.write("DELETE FROM situation WHERE person = :id", id=one.id)
            await self.write("DELETE FROM person WHERE id = :id", id=one.id)
            await self.note(FIRST, one.household)


class RetentionFacts(Facts):
    async def change(self) -> None:
        await self.dice.choice([self.start, self.start, self.end, self.correct, self.learn, self.serve, self.grant])()

    async def start(self) -> None:
        person = await self.pick("SELECT person FROM introduction WHERE person IS NOT NULL ORDER BY person")
        whom = self.dice.choice([None, new_id(), person.person if person else new_id()])
        county, spell, introduction, on = self.dice.choice([HOME, HOME, "433126"]), new_id(), new_id(), self.day()
        await self.write(
            "INSERT INTO introduction (id, county, city, person) VALUES (:id, :county, '440300', :whom)",
            id=introduction,
            county=county,
            whom=whom,
        )
        await self.write(
            "INSERT INTO spell (id, introduction, county, city, vacancy, start, wage_fen, assisted)"
            " VALUES (:id, :introduction, :county, '440300', :id, :on, :wage, true)",
            id=spell,
            introduction=introduction,
            county=county,
            on=on,
            wage=self.dice.randrange(1, 9),
        )
        await self.note(on, spell, whom)

    async def spell(self, condition: str) -> Any | None:
        return await self.pick(
            "SELECT s.id, s.start, i.person FROM spell s JOIN introduction i ON i.id = s.introduction"
            f" WHERE {condition} ORDER BY s.id"
        )

    async def end(self) -> None:
        if one := await self.spell('s."end" IS NULL'):
            last = one.start + timedelta(days=self.dice.randrange(60))
            await self.write('UPDATE spell SET "end" = :last WHERE id = :id', last=last, id=one.id)
            await self.note(last + timedelta(days=1), one.id, one.person)

    async def correct(self) -> None:
        if one := await self.spell('s."end" IS NULL'):
            on = self.day()
            await self.write("UPDATE spell SET start = :on, wage_fen = wage_fen + 1 WHERE id = :id", on=on, id=one.id)
            await self.note(min(on, one.start), one.id, one.person)

    async def learn(self) -> None:
        if one := await self.spell("i.person IS NULL"):
            whom = new_id()
            await self.write(
                "UPDATE introduction i SET person = :whom FROM spell s WHERE s.introduction = i.id AND s.id = :id",
                whom=whom,
                id=one.id,
            )
            await self.note(one.start, whom)

    async def serve(self) -> None:
        one, on = new_id(), self.day()
        await self.write(
            'INSERT INTO service (id, county, region, kind, "on") VALUES (:id, :county, :county, :kind, :on)',
            id=one,
            county=self.dice.choice([HOME, "433126"]),
            kind=self.dice.choice(["training", "guidance", "introduction", "other"]),
            on=on,
        )
        await self.note(on, one)

    async def grant(self) -> None:
        if one := await self.spell("i.person IS NOT NULL"):
            on = self.day()
            await self.write(
                'INSERT INTO ledger (id, person, policy, period, region, claim, amount_fen, "on")'
                " VALUES (:id, :whom, 'transport', :period, 'x', :id, 60000, :on)",
                id=new_id(),
                whom=one.person,
                period=str(new_id()),
                on=on,
            )
            await self.note(on, one.person)


class JobsFacts(Facts):
    async def change(self) -> None:
        offering = [self.offer, self.hire, self.hire, self.free, self.withdraw, self.resize, self.employ]
        await self.dice.choice([*offering, self.designate, self.designate, self.undesignate, self.hold, self.release])()

    async def offer(self) -> None:
        one, on, firm = new_id(), self.day(), await self.pick("SELECT id FROM employers ORDER BY id")
        await self.write(
            "INSERT INTO vacancies (id, city, employer, employer_name, title, openings, openings_left, starts_by, state, vetted_on,"
            " listed_on, fingerprint) VALUES (:id, :city, :firm, 'E', 'T', :openings, 0, :on, :state, :on, :on, :key)",
            firm=firm.id if firm else None,
            id=one,
            city=HOME,
            openings=self.dice.randrange(1, 4),
            on=on,
            state=self.dice.choice(["vetted", "vetted", "refused"]),
            key=str(one),
        )
        await self.note(on, one)

    async def hire(self) -> None:
        if one := await self.pick("SELECT id FROM vacancies ORDER BY id"):
            on = self.day()
            await self.write(
                "INSERT INTO hires (introduction, vacancy, hired_on) VALUES (:id, :vacancy, :on)",
                id=new_id(),
                vacancy=one.id,
                on=on,
            )
            await self.note(on, one.id)

    async def free(self) -> None:
        if one := await self.pick(
            "SELECT introduction, vacancy, hired_on FROM hires WHERE freed_on IS NULL ORDER BY introduction"
        ):
            on = self.day()
            await self.write("UPDATE hires SET freed_on = :on WHERE introduction = :id", on=on, id=one.introduction)
            await self.note(min(on, one.hired_on), one.vacancy)

    async def withdraw(self) -> None:
        if one := await self.pick("SELECT id, vetted_on FROM vacancies WHERE state = 'vetted' ORDER BY id"):
            on = self.day()
            await self.write(
                "UPDATE vacancies SET state = 'withdrawn', withdrawn_on = :on WHERE id = :id", on=on, id=one.id
            )
            await self.note(min(on, one.vetted_on), one.id)

    async def resize(self) -> None:
        if one := await self.pick("SELECT id, vetted_on FROM vacancies ORDER BY id"):
            await self.write("UPDATE vacancies SET openings = openings + 1 WHERE id = :id", id=one.id)
            await self.note(one.vetted_on, one.id)

    async def designate(self) -> None:
        if firm := await self.pick("SELECT id FROM employers ORDER BY id"):
            one, since = new_id(), self.day()
            await self.write(
                'INSERT INTO designations (id, employer, kind, since, until, "by", promised)'
                " VALUES (:id, :firm, :kind, :since, :until, 'B', 1)",
                id=one,
                firm=firm.id,
                kind=self.dice.choice(["designated", "base"]),
                since=since,
                until=since + timedelta(days=self.dice.randrange(60)),
            )
            await self.note(since, one, *await self.posts(firm.id))

    async def undesignate(self) -> None:
        if one := await self.pick(
            "SELECT id, employer, since, until FROM designations WHERE ended_on IS NULL ORDER BY id"
        ):
            on = one.since + timedelta(days=self.dice.randrange(-3, 60))
            await self.write("UPDATE designations SET ended_on = :on WHERE id = :id", on=on, id=one.id)
            await self.note(min(on, one.since), one.id, *await self.posts(one.employer))

    async def posts(self, firm: UUID) -> list[UUID]:
        return [row.id for row in await self.write("SELECT id FROM vacancies WHERE employer = :firm", firm=firm)]

    async def release(self) -> None:
        if one := await self.pick(
            "SELECT introduction, vacancy, hired_on FROM hires WHERE NOT released ORDER BY introduction"
        ):
            await self.write(
                "UPDATE hires SET released = true, freed_on = hired_on WHERE introduction = :id", id=one.introduction
            )
            await self.note(one.hired_on, one.vacancy)

    async def hold(self) -> None:
        one, on = new_id(), self.day()
        await self.write(
            "INSERT INTO fairs (id, city, title, place, venue, day, entered_by, state) VALUES (:id, :city, 'F', :city, 'V', :on, 'x', :state)",
            id=one,
            city=HOME,
            on=on,
            state=self.dice.choice(["held", "held", "cancelled"]),
        )
        await self.note(on, one)

    async def employ(self) -> None:
        one, on = new_id(), self.day()
        await self.write(
            "INSERT INTO employers (id, city, uscc, name, folded_name, listed_on) VALUES (:id, :city, :key, 'E', 'e', :on)",
            id=one,
            city=HOME,
            key=str(one),
            on=on,
        )
        await self.note(on, one)


FACTS: dict[str, type[RegistryFacts] | type[RetentionFacts] | type[JobsFacts]] = {
    "registry": RegistryFacts,
    "retention": RetentionFacts,
    "jobs": JobsFacts,
}
