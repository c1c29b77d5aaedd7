"""Real archives, good and damaged, from the test suites of other tools go through the reader.

They are not part of the project; where the folder is missing the tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged
from archiver.model import Issue, RecordType, Severity
from pipelines.warc.check import check
from pipelines.warc.reader import documents, read_at

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "warcs"
FILES = sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []

pytestmark = pytest.mark.skipif(not FILES, reason="no folder of foreign archives on this machine")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_foreign_archive_is_read_and_each_capture_found_again(path: Path) -> None:
    issues: list[Issue] = []
    found = []
    try:
        found = list(documents(path, on_issue=issues.append))
    except ArchiveDamaged:
        assert any(issue.severity is Severity.ERROR for issue in check(path))
    member = path.suffix == ".wacz"
    for each in found:
        capture = each.capture
        again = read_at(
            path,
            capture.warc_offset or 0,
            member=capture.warc_filename if member else None,
        )
        assert again.capture.capture_id == capture.capture_id
        if capture.record_type is not RecordType.REVISIT:
            assert again == each
    for issue in issues:
        assert issue.message


def test_all_of_them_together_give_each_revisit_its_original() -> None:
    issues: list[Issue] = []
    found = list(documents(CORPUS, on_issue=issues.append))
    revisits = [each for each in found if each.capture.record_type is RecordType.REVISIT]
    lost = [issue for issue in issues if issue.code == "warc.revisit_unresolved"]
    assert len(found) > 300
    assert len(revisits) > 80
    assert lost == []


def test_archives_known_to_be_good_raise_no_alarm() -> None:
    good = [
        "iipc+warc-specifications--hello-world.warc.gz",
        "iipc+warc-specifications--20130729-heritrix-original.warc.gz",
        "iipc+jwarc--cc.warc.gz",
        "commoncrawl+whirlwind-python--whirlwind.warc",
        "webrecorder+warcio--post-test.warc.gz",
        "webrecorder+py-wacz--valid_signed_example_1.wacz",
        "webrecorder+browsertrix--multi-wacz.wacz",
    ]
    present = [CORPUS / name for name in good if (CORPUS / name).exists()]
    assert present
    for path in present:
        alarms = [issue for issue in check(path) if issue.severity is not Severity.INFO]
        assert alarms == [], path.name
