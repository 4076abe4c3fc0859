"""Lighthouse's scores, from 0 to 100. Fetched with npm when it is first asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence

from benchmarks import cache, weight
from benchmarks.servers import Missing, Served

VERSION = "13.5.0"
FIGURES = {
    "lighthouse_performance": "performance",
    "lighthouse_accessibility": "accessibility",
    "lighthouse_best_practices": "best-practices",
    "lighthouse_seo": "seo",
}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


def of(server: Served, paths: Sequence[str]) -> dict[str, float]:
    """The lowest score of each kind on these pages. Raises Missing."""
    program = _program()
    lowest = dict.fromkeys(FIGURES, 100.0)
    for path in paths:
        command = [
            program,
            f"http://127.0.0.1:{server.port}{path}",
            "--quiet",
            "--output=json",
            f"--chrome-flags={FLAGS}",
        ]
        told = subprocess.run(
            command, env=os.environ | {"CHROME_PATH": weight.chromium()}, stdout=subprocess.PIPE, check=True
        )
        report = json.loads(told.stdout)
        found = report["categories"]
        scores = {figure: found[name]["score"] * 100 for figure, name in FIGURES.items()}
        print(f"Lighthouse, {path}: " + ", ".join(f"{FIGURES[name]} {score:.0f}" for name, score in scores.items()))
        for name in FIGURES.values():
            lacking = [one["id"] for one in found[name]["auditRefs"] if _lacks(one, report["audits"])]
            if lacking:
                print(f"  {name}: {', '.join(lacking)}")
        lowest = {figure: min(score, lowest[figure]) for figure, score in scores.items()}
    return lowest


def _lacks(reference: dict, audits: dict) -> bool:
    score = audits[reference["id"]]["score"]
    return bool(reference["weight"]) and score is not None and score < 0.9


def _program() -> str:
    place = cache.folder(f"lighthouse-{VERSION}")
    program = place / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise Missing("Lighthouse needs npm")
        told = [npm, "install", "--prefix", str(place), "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([*told, "--loglevel=error", f"lighthouse@{VERSION}"], check=True)
    return str(program)
