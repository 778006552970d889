"""What benches find out, a type for each answer: the measuring process fills it in, the command shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace


@dataclass(frozen=True)
class PeerFigures:
    """Another program on the same instance; of a query, figures for all people are taken from a sample of them."""

    seconds: float
    cpu_seconds: float
    peak_mb: int
    matched: int | None
    same_matching: bool | None
    sampled: int | None = None
    ratio: float | None = None

    def against(self, seconds: float) -> PeerFigures:
        return replace(self, ratio=_ratio(self.seconds, seconds))


@dataclass(frozen=True)
class PeerMissing:
    """The command that would install it."""

    missing: str

    def against(self, seconds: float) -> PeerMissing:
        return self


@dataclass(frozen=True)
class PeerStopped:
    """It took too long, so that it is slower at least by so much."""

    stopped_after: int
    ratio_at_least: float

    @classmethod
    def after(cls, limit: int, seconds: float) -> PeerStopped:
        return cls(limit, _ratio(limit, seconds))


@dataclass(frozen=True)
class PeerFailed:
    failed: str


Peer = PeerFigures | PeerMissing | PeerStopped | PeerFailed


def _ratio(theirs: float, ours: float) -> float:
    return round(theirs / max(ours, 1e-6), 1)


@dataclass(frozen=True)
class KernelFigures:
    """The kernel on an instance; `floor_seconds` are those that no order of asking could save, `peers` other programs by name."""

    people: int
    vacancies: int
    openings: int
    compile_seconds: float
    seconds: float
    prepare_seconds: float
    cpu_seconds: float
    peak_mb: int
    floor_seconds: float
    floor_cpu_seconds: float
    proposals: int
    matched: int
    blocking_pairs: int | None
    hash: str
    peers: dict[str, Peer] = field(default_factory=dict)

    def document(self) -> object:
        """The answer of `--json`; what peers have no figure for is left out."""
        peers = {
            name: {key: value for key, value in asdict(peer).items() if value is not None}
            for name, peer in self.peers.items()
        }
        return asdict(self) | {"peers": peers}

    def in_words(self) -> str:
        own = f"{self.seconds} s ({self.cpu_seconds} s of processor), floor {self.floor_seconds} s, {self.peak_mb} MB above imports"
        return "\n".join([own, *(f"  {name}: {peer}" for name, peer in self.peers.items())])


@dataclass(frozen=True)
class SavedRun:
    """A run saved before the last of those who came, and loaded again."""

    megabytes: float
    save_seconds: float
    load_seconds: float
    same_hash: bool


@dataclass(frozen=True)
class BetweenFigures:
    """People who come between runs, some `times` over: `seconds` is the median of going on, `scratch_seconds` a run with everybody."""

    size: str
    people: int
    added: int
    times: int
    seconds: float
    worst_seconds: float
    cpu_seconds: float
    scratch_seconds: float
    scratch_cpu_seconds: float
    ratio: int
    same_hash: bool
    fallback: list[str]
    laid_anew: int
    moved: int
    keep_seconds: float
    outcome_seconds: float
    saved: SavedRun

    def document(self) -> object:
        return asdict(self)

    def in_words(self) -> str:
        return f"{self.seconds * 1000:.1f} ms for {self.added} people, from scratch {self.scratch_seconds} s; same hash: {self.same_hash}"
