"""Whether the search finds what people look for, at once, and bears what others type: `make bench-search`.

With each engine: the questions of a judged collection, typed as they are; searches made to keep the site busy, among
20,000 made comments; and on the site as it is served, how soon a comment is found and gone. Prints tables and a line of
figures; exit code 1 below a bar, and 2 where the collection is not there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import machine, relevance, search_freshness
from benchmarks.databases import POSTGRESQL, SQLITE, opened
from benchmarks.driver import PACKED, Request, measure
from benchmarks.search_queries import unbearable
from benchmarks.search_texts import COMMON, vocabulary
from benchmarks.servers import Missing
from benchmarks.site import Site
from benchmarks.table import Bar, judge, show
from config import ROOT

COLLECTION = ROOT.parent / "shared" / "data" / "search" / "cranfield"
COMMENTS = 20_000
# Searches before any is measured, so that each process of the site has searched.
BEFORE = 8
# The database beside each engine.
DATABASES = {"whoosh": SQLITE, "postgresql": POSTGRESQL}

RELEVANCE_BARS = {
    "cranfield": [
        Bar("whoosh_map", "BM25 with stems has as much", at_least=0.305),
        Bar("whoosh_ndcg10", "and nearly this", at_least=0.365),
        Bar("postgresql_map", "the other engine finds nearly as well", at_least=0.28),
    ]
}
BARS = [
    Bar("dearest_ms", "nobody keeps a process busy with what they type", at_most=300),
    Bar("failed", "and every page is answered", at_most=0),
    Bar("slowest_found_ms", "a comment is found within two seconds of becoming public", at_most=2000),
    Bar("slowest_gone_ms", "and gone within two seconds of ceasing to be", at_most=2000),
    Bar("slowest_forgotten_ms", "from the index as well", at_most=2000),
]
COLUMNS = {
    "map": "MAP",
    "ndcg10": "nDCG@10",
    "p10": "P@10",
    "recall100": "Recall@100",
    "p50_ms": "CPU ms",
    "p95_ms": "p95",
    "per_second": "indexed/s",
    "bytes_each": "bytes each",
    "refused": "refused",
}


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    lacking = relevance.lacking(asked.collection)
    if lacking and not asked.without_relevance:
        print(f"There is no judged collection in {asked.collection}: {', '.join(lacking)} not found.")
        return 2
    print(machine.line())
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for engine in asked.only:
            try:
                with opened(DATABASES[engine], Path(folder) / engine) as database:
                    print(f"\n{engine}, beside {database.name}", flush=True)
                    figures |= _measured(Site(Path(folder) / engine / "site", database), engine, asked)
            except Missing as missing:
                print(f"\nLeft out: {missing}.")
    print(machine.line())
    return judge(figures, _bars(asked))


def _measured(site: Site, engine: str, asked: argparse.Namespace) -> dict[str, float]:
    site.environ |= {"FORUM_SEARCH": engine}
    figures: dict[str, float] = {}
    if not asked.without_relevance:
        figures |= {f"{engine}_{name}": number for name, number in _relevance(site, asked.collection).items()}
    return figures | {f"{engine}.{name}": number for name, number in _on_the_site(site).items()}


def _relevance(site: Site, collection: Path) -> dict[str, float]:
    filled = site.ask("benchmarks.search_asking", "fill", str(collection))
    told = site.ask("benchmarks.search_asking", "relevance", str(collection))
    found = filled | told["figures"]
    show([collection.name, *COLUMNS.values()], [[_questions(found), *(f"{found[name]:.4g}" for name in COLUMNS)]])
    for sentence, times in told["refusals"].items():
        print(f"Refused {times} times: {sentence}")
    return found


def _questions(found: dict[str, float]) -> str:
    return f"{found['questions']:.0f} questions, {found['documents']:.0f} documents"


def _on_the_site(site: Site) -> dict[str, float]:
    site.made = site.ask("benchmarks.search_site", str(COMMENTS))
    site.database.after_filling()
    with site.running("/healthz"):
        site.come_to_rest()
        return _worst(site) | _freshness(site)


def _worst(site: Site) -> dict[str, float]:
    """What the page costs for whoever wants to keep it busy; the dearest of some times."""
    for word in vocabulary()[slice(*COMMON)][:BEFORE]:
        _cost(site, word)
    dearest, failed = {}, []
    for name, typed in unbearable().items():
        try:
            dearest[name] = max(_cost(site, typed) for _time in range(3))
        except RuntimeError as error:
            failed.append(f"{name}: {error}")
    show([f"made to keep it busy, {COMMENTS:,} comments", "CPU ms"], [[n, f"{ms:.1f}"] for n, ms in _falling(dearest)])
    print("".join(f"{sentence}\n" for sentence in failed), end="")
    return {"dearest_ms": max(dearest.values()), "failed": len(failed)}


def _cost(site: Site, typed: str) -> float:
    return measure(site.served, [[Request(f"/search?{urlencode({'q': typed})}", PACKED)]]).cpu


def _falling(figures: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(figures.items(), key=lambda pair: -pair[1])


def _freshness(site: Site) -> dict[str, float]:
    found = search_freshness.measure(site)
    print(
        f"Found {found['found_ms']:.0f} ms after it was sent ({found['slowest_found_ms']:.0f} at most), gone "
        f"{found['gone_ms']:.0f} ms after it was withdrawn ({found['slowest_gone_ms']:.0f} at most), and from the "
        f"index within {found['slowest_forgotten_ms']:.0f} ms."
    )
    return found


def _bars(asked: argparse.Namespace) -> list[Bar]:
    """Those that this run can tell."""
    of_this = [] if asked.without_relevance else RELEVANCE_BARS.get(asked.collection.name, [])
    return [bar for bar in of_this if bar.figure.partition("_")[0] in asked.only] + BARS


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-search ARGS=…", description=__doc__)
    parser.add_argument("--collection", type=Path, default=COLLECTION, help="folder with the judged collection")
    parser.add_argument("--without-relevance", action="store_true", help="where there is no collection")
    parser.add_argument("--only", choices=list(DATABASES), action="append", help="one engine")
    asked = parser.parse_args(arguments)
    asked.only = asked.only or list(DATABASES)
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
