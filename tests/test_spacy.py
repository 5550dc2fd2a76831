"""The spaCy component in blank pipelines, saved and loaded, and on several processes."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import fakes
from trialmine import spacy_component

TEXTS = {
    "zh": ["客观缓解率为36%（对照组20%）。", "没有结果。", "疾病控制率65%\r\n对41%"],
    "en": ["The ORR was 36% vs 20%.", "Nothing.", "DCR:65%/41%"],
}


def quotes(doc: Doc) -> list[str]:
    return [row.quote for row in doc._.trialmine.rows["measurements"]]


@pytest.fixture(params=["zh", "en"])
def nlp(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Language:
    monkeypatch.setattr(spacy_component, "make_extractor", fakes.make_fake)
    nlp = spacy.blank(request.param)
    nlp.add_pipe("trialmine")
    return nlp


def test_results_and_spans(nlp: Language) -> None:
    text = TEXTS[nlp.lang][0]
    doc = nlp(text)
    rows = doc._.trialmine.rows["measurements"]
    assert [row.quote for row in rows] == ["36%", "20%"]
    spans = doc.spans["trialmine"]
    assert len(spans) == len(rows)
    for span, row in zip(spans, rows, strict=True):
        assert row.quote in span.text
        assert (span.label_, span.id_, span.kb_id_) == ("percentage", row.measurement_id, row.measurement_id)
        assert span.start_char <= row.start < row.end <= span.end_char
    assert doc._.trialmine.measurements["value"].tolist() == [36.0, 20.0]


def test_a_text_without_results_has_empty_tables_and_no_spans(nlp: Language) -> None:
    for text in (TEXTS[nlp.lang][1], "", " \n"):
        doc = nlp(text)
        assert quotes(doc) == []
        assert list(doc.spans["trialmine"]) == []


def test_pipe_gives_what_single_calls_give(nlp: Language) -> None:
    expected = [quotes(nlp(text)) for text in TEXTS[nlp.lang]]
    assert expected == [["36%", "20%"], [], ["65%", "41%"]]
    assert [quotes(doc) for doc in nlp.pipe(TEXTS[nlp.lang], batch_size=2)] == expected


def test_docs_survive_serialization(nlp: Language) -> None:
    doc = nlp(TEXTS[nlp.lang][0])
    back = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert back._.trialmine == doc._.trialmine
    assert [s.id_ for s in back.spans["trialmine"]] == [s.id_ for s in doc.spans["trialmine"]] != []
    (kept,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert kept._.trialmine == doc._.trialmine


def test_pipelines_survive_serialization(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    loaded = spacy.load(tmp_path / "pipeline")
    assert loaded.pipe_names == ["trialmine"]
    text = TEXTS[nlp.lang][0]
    assert loaded(text)._.trialmine == nlp(text)._.trialmine
    again = spacy.blank(nlp.lang)
    again.add_pipe("trialmine")
    assert quotes(again.from_bytes(nlp.to_bytes())(text)) == ["36%", "20%"]


def test_a_doc_that_the_component_never_saw_has_empty_tables() -> None:
    assert quotes(spacy.blank("en").make_doc("ORR 36%")) == []


def test_it_stands_beside_other_components(nlp: Language) -> None:
    nlp.add_pipe("sentencizer", first=True)
    doc = nlp(TEXTS[nlp.lang][0])
    assert quotes(doc) == ["36%", "20%"]
    assert doc.has_annotation("SENT_START")


def test_the_entry_point_needs_no_import() -> None:
    (entry,) = entry_points(group="spacy_factories", name="trialmine") or pytest.skip(
        "trialmine is not installed"
    )
    assert entry.load() is spacy_component.create_trialmine
    code = "import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('trialmine'); print(nlp.pipe_names)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == "['trialmine']\n", run.stderr
