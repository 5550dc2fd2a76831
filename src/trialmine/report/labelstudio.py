"""Gold to and from Label Studio: one JSON list of tasks, and the labelling configuration that fits it.

A row is a labelled region; its links are relations, its type and assertion choices, and the rest of
its fields is JSON in its text area. What is said of the document as a whole is in the task's data, and
so is the list of all documents that went out together: a task that was deleted is missed. Offsets go
out in code points, as Label Studio counts them since it stores code points; older versions counted
UTF-16 code units, and what comes back is read either way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from trialmine.core.errors import GoldError
from trialmine.report.exchange import CHOICES, KINDS, Marked, Region, mark, unmark
from trialmine.report.goldfile import LINKS, load_json, once, really, schema
from trialmine.report.spans import utf16_offsets

_TABLE = {kind: table for table, kind in KINDS.items()}


def to_label_studio(golds: Mapping[str, tuple[Mapping[str, Any], str]]) -> dict[str, str]:
    """File name -> content for golds in which nothing is broken, given as doc_id -> (gold file, text)."""
    tasks = []
    for doc_id, (raw, text) in golds.items():
        marked = mark(raw, text)
        data = {"text": text, "doc_id": doc_id, "documents": list(golds), "gold": marked.document}
        prediction = {"model_version": "gold", "result": list(_results(marked))}
        tasks.append({"data": data, "predictions": [prediction]})
    return {
        "tasks.json": json.dumps(tasks, ensure_ascii=False, indent=1) + "\n",
        "labeling-config.xml": _configuration(),
    }


def _results(marked: Marked) -> Iterator[dict[str, Any]]:
    for key, region in marked.regions.items():
        span = {"start": region.start, "end": region.end}
        fields = dict(region.fields)
        chosen = {n: fields.pop(n) for n in CHOICES if fields.get(n) and isinstance(fields[n], str)}
        shown = {"kind": {"labels": [KINDS[region.table]], "text": marked.text[region.start : region.end]}}
        shown |= {name: {"choices": [value]} for name, value in chosen.items()}
        shown |= {"fields": {"text": [json.dumps(fields, ensure_ascii=False)]}}
        for name, value in shown.items():
            kind = "labels" if name == "kind" else "textarea" if name == "fields" else "choices"
            yield {"id": key, "from_name": name, "to_name": "text", "type": kind, "value": {**span, **value}}
    for name, source, target in marked.links:
        yield {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": [name]}


def _configuration() -> str:
    defs = schema()["$defs"]

    def options(tag: str, values: list[Any]) -> str:
        return "".join(f"<{tag} value={quoteattr(str(v))}/>" for v in values if v)

    def choices(name: str, kinds: str, values: list[Any]) -> str:
        when = f'perRegion="true" whenTagName="kind" whenLabelValue="{kinds}"'
        return f'  <Choices name="{name}" toName="text" {when}>{options("Choice", values)}</Choices>\n'

    types = [v for t in ("measurement", "analysis") for v in defs[t]["properties"]["param_type"]["enum"]]
    return (
        "<View>\n"
        f'  <Labels name="kind" toName="text">{options("Label", list(_TABLE))}</Labels>\n'
        '  <Text name="text" value="$text" granularity="symbol"/>\n'
        f"  <Relations>{options('Relation', list(LINKS))}</Relations>\n"
        + choices("param_type", "Measurement,Analysis", types)
        + choices("assertion", "Measurement,Analysis", defs["assertion"]["enum"])
        + '  <TextArea name="fields" toName="text" perRegion="true" editable="true" maxSubmissions="1"/>\n'
        "</View>\n"
    )


# --- reading ------------------------------------------------------------------------------------


def from_label_studio(path: Path) -> dict[str, tuple[dict[str, Any], list[str]]]:
    """doc_id -> (gold file, what is odd) of a Label Studio JSON export, or of tasks as they went out.

    For what is odd see :func:`unmark`.

    Raises :class:`GoldError`, which names the file, the task and the reason: no list of tasks, a task
    that was deleted, skipped, or has none or several annotations, a region that is not at its offsets
    in either count, and what :func:`unmark` refuses.
    """
    data = path.read_bytes()
    try:
        tasks = load_json(data.decode("utf-8-sig"), object_pairs_hook=once)
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: it is not UTF-8{really(data, bool)}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{path}: can't be read as JSON: {error}") from None
    if not isinstance(tasks, list):
        raise GoldError(f"{path}: want a list of tasks (Label Studio's JSON export)")
    found: dict[str, tuple[dict[str, Any], list[str]]] = {}
    expected: set[str] = set()
    for n, task in enumerate(tasks):
        told = task.get("data") if isinstance(task, dict) else None
        if not isinstance(told, dict) or not isinstance(told.get("text"), str) or not told.get("doc_id"):
            raise GoldError(f"{path}: task {n + 1} has no text and doc_id in its data (was it deleted?)")
        doc_id, where = str(told["doc_id"]), f"{path}: task {n + 1} ({told['doc_id']})"
        if doc_id in found:
            raise GoldError(f"{where}: there is another task of this document")
        try:
            expected |= {str(d) for d in told.get("documents") or ()}
            found[doc_id] = unmark(_marked(told, _result(task, where), where), where)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise GoldError(f"{where}: the result is not of the form that went out: {error!r}") from None
    if missing := sorted(expected - found.keys()):
        raise GoldError(f"{path}: {len(missing)} of {len(expected)} tasks are missing: {', '.join(missing)}")
    if not found:
        raise GoldError(f"{path}: there is no task")
    return found


def _result(task: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    """The one annotation of a task, or the prediction of a task that was never annotated."""
    kind = "annotations" if "annotations" in task else "predictions"
    done = task.get(kind) or []
    if len(done) != 1:
        raise GoldError(f"{where}: want one of its {kind}, there are {len(done)}")
    if done[0].get("was_cancelled"):
        raise GoldError(f"{where}: it was skipped")
    return list(done[0]["result"])


def _marked(data: Mapping[str, Any], results: list[dict[str, Any]], where: str) -> Marked:
    marked = Marked(data["text"], dict(data.get("gold") or {"doc_id": data["doc_id"]}))
    places: dict[str, tuple[str, int, int, str]] = {}
    fields: dict[str, dict[str, Any]] = {}
    for r in results:
        value, name = r.get("value") or {}, r.get("from_name")
        if r["type"] == "relation":
            if len(r.get("labels") or ()) != 1 or r.get("direction") == "bi":
                raise GoldError(f"{where}: a relation of {r['from_id']} wants one label and one direction")
            ends = (r["from_id"], r["to_id"])
            marked.links.append((r["labels"][0], *(ends if r.get("direction") != "left" else ends[::-1])))
        elif name == "kind":
            [kind] = value["labels"]
            if kind not in _TABLE:
                raise GoldError(f"{where}: region {r['id']} is a {kind}; known are {', '.join(_TABLE)}")
            if r["id"] in places:
                raise GoldError(f"{where}: region {r['id']} stands twice")
            places[r["id"]] = (_TABLE[kind], int(value["start"]), int(value["end"]), str(value["text"]))
        elif name == "fields":
            try:
                given = load_json("".join(value["text"]), object_pairs_hook=once)
                if not isinstance(given, dict):
                    raise ValueError("want an object")
                fields.setdefault(r["id"], {}).update(given)
            except ValueError as error:
                raise GoldError(f"{where}: the fields of region {r['id']} are no JSON: {error}") from None
        elif name in CHOICES:
            [fields.setdefault(r["id"], {})[name]] = value["choices"]
        else:
            raise GoldError(f"{where}: a result of {name!r} has no meaning in gold")
    if strays := fields.keys() - places.keys():
        raise GoldError(f"{where}: the fields of region {min(strays)} are there without its label")
    for key, (table, start, end) in _counted(places, marked.text, where).items():
        marked.regions[key] = Region(table, start, end, fields.get(key, {}))
    return marked


def _counted(
    places: Mapping[str, tuple[str, int, int, str]], text: str, where: str
) -> dict[str, tuple[str, int, int]]:
    """The regions' places in code points: as they are if all fit their texts, else from UTF-16."""
    units = utf16_offsets(text)
    wrong = ""
    for convert in (dict(enumerate(range(len(text) + 1))), units):
        counted = {k: (t, convert.get(a, -1), convert.get(b, -1)) for k, (t, a, b, _) in places.items()}
        off = [k for k, (_, a, b) in counted.items() if not 0 <= a < b or not _same(text[a:b], places[k][3])]
        if not off:
            return counted
        wrong = wrong or off[0]
    _, start, end, quote = places[wrong]
    raise GoldError(f"{where}: region {wrong}: {quote!r} does not stand at {start} to {end} of the text")


def _same(a: str, b: str) -> bool:
    """Equal but for line breaks, which Label Studio writes in several ways."""
    return "".join(a.split()) == "".join(b.replace("\\n", "\n").replace("\\r", "\r").split())
