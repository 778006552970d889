"""What the environment may change for every service of a node; each service extends it in its own `settings.py`."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from limits import parse
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from libs.common.kafka_connection import KafkaConnection

# One is at most some megabytes, usually a few hundred bytes.
LETTERS_WHOLE = 1000
INBOX_DAYS = 90


class Settings(BaseSettings):
    """Read once in `__main__`, passed down, never built at import. Prefix `XIELI_`."""

    model_config = SettingsConfigDict(env_prefix="XIELI_", extra="ignore")

    service: ClassVar[str]

    node: str = Field(pattern=r"^n\d{6}$", description="This node: n and its division code, e.g. n433124.")
    node_name: str = Field(default="", description="The node's name as people say it, e.g. 花垣县.")
    database_url: str = Field(description="SQLAlchemy URL; {service} stands for the service's own role.")
    owner_database_url: str = Field(
        default="",
        description="The same for the role that owns the schema, for migrations alone; default: {service}_owner in place of {service}.",
    )
    kafka: str = Field(description="host:port of this node's own broker.")
    kafka_certificates: Path = Field(
        default=Path("/wires"),
        description="Directory with own.pem and trusted.pem of this service, in a directory of its name.",
    )
    keys: Path = Field(
        description="Directory of the node's keys: sign.jwk, announce.jwk, seal.jwk, field.key, index.key, jwks.json."
    )
    issuer: Path | None = Field(
        default=None,
        description="issuer.json of an OpenID issuer whose access tokens (RFC 9068) are taken: issuer, audience, jwks_uri, claim, rights.",
    )
    partners: Path = Field(description="partners.json: node, name, kafka and public keys of every partner.")
    gateway: str = Field(default="http://127.0.0.1:8080", description="This node's public address.")
    neighbours: str = Field(
        default="",
        description="Address of this node's other services from inside; {service} stands for the name. Default: the public address.",
    )
    host: str = Field(default="127.0.0.1", description="Address the service listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the service listens on.")
    max_json_bytes: int = Field(
        default=1024 * 1024, ge=1024, description="Larger JSON bodies and forms without a file are refused (413)."
    )
    audit_heads_seconds: float = Field(
        default=300.0, gt=0, description="How often the ends of the trail's chains are signed and told to partners."
    )
    max_body_bytes: int = Field(
        default=256 * 1024 * 1024, ge=1024, description="Larger uploads of files are refused (413)."
    )
    limit_caller: str = Field(
        default="3000 per 10 second",
        description="Requests of one caller, by issuer, subject and role; beyond them 429.",
    )
    limit_address: str = Field(
        default="1000 per 10 second",
        description="Requests of one address without a valid token, and of the console's pages.",
    )
    letters_whole: int = Field(
        default=LETTERS_WHOLE,
        ge=1,
        description="So many dead letters keep their bytes; of older ones place, reason, size and digest stay.",
    )
    letters_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="Dead letters and parked events that were replayed or discarded go after so many days.",
    )
    journal_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="What was announced and sent stays so many days in the journal, for the feed; then 410.",
    )
    inbox_days: int = Field(
        default=INBOX_DAYS,
        ge=1,
        le=3650,
        description="So many days it is remembered of each event by its id that it came; of older ones by its place.",
    )
    import_days: int = Field(
        default=92, ge=1, le=366, description="Rows of an import that came back are kept so many days, to be put right."
    )
    trial_days: int = Field(
        default=7, ge=1, le=31, description="A file that was tried and nobody has confirmed is kept so many days."
    )
    idempotency_days: int = Field(
        default=3, ge=1, le=365, description="So many days a repeated creation gets the answer that was kept."
    )
    restate_seconds: float = Field(
        default=1.0,
        gt=0,
        description="How often what has changed is looked at and stated again (figures, a demand list).",
    )
    otlp_traces: str = Field(
        default="",
        description="Address of an OTLP collector that spans are sent to, e.g. http://collector:4318/v1/traces; none when empty.",
    )
    worker_faults: int = Field(
        default=10,
        ge=0,
        description="After so many programming errors of a worker in a row the process ends with 1; 0: never.",
    )
    connect_seconds: float = Field(
        default=5.0, gt=0, description="How long a connection to the database may take to come about."
    )
    door_lock_seconds: float = Field(
        default=3.0,
        ge=0,
        description="How long a request waits for a lock that another one holds; then 503. 0: for ever.",
    )
    door_statement_seconds: float = Field(
        default=60.0, ge=0, description="How long one statement of a request may take; then 503. 0: for ever."
    )
    work_lock_seconds: float = Field(
        default=30.0, ge=0, description="The same of events and background work: then it begins again. 0: for ever."
    )
    work_statement_seconds: float = Field(
        default=600.0, ge=0, description="How long one statement of events and background work may take. 0: for ever."
    )
    silence_seconds: float = Field(
        default=5.0,
        ge=0,
        description="How much longer than its time a statement is waited for when the database says nothing; then 503. 0: for ever.",
    )
    migration_lock_seconds: float = Field(
        default=60.0, ge=0, description="How long a migration waits for a table in use; then it gives up. 0: for ever."
    )
    proxies: str = Field(
        default="", description="Addresses or networks of gateways whose X-Forwarded-For counts; none when empty."
    )

    @field_validator("limit_caller", "limit_address")
    @classmethod
    def _is_a_limit(cls, said: str) -> str:
        parse(said)
        return said

    def wire(self) -> KafkaConnection:
        """This service's way to the node's broker."""
        return KafkaConnection(self.kafka, self.kafka_certificates / self.service)

    def url_of_database(self) -> str:
        """The database address with this service's role filled in."""
        return self.database_url.replace("{service}", self.service)

    def url_of_owner(self) -> str:
        """The same with the role that owns the service's schema."""
        url = self.owner_database_url or self.database_url.replace("{service}", "{service}_owner")
        return url.replace("{service}", self.service)
