"""Each rule is broken on purpose, once, in a small tree that keeps them all; it must say so, there and only there.

Words that the rules forbid are put together here, so that this file keeps them too.
"""
import hashlib
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import lint

HERE = Path(__file__).parent
NOTICE = "A notice.\n"
GOOD = {
    ".clang-format": "BasedOnStyle: Google\nIndentWidth: 4\n",
    "schemas/contract/README.md": "# schemas/contract\nHolds words.\n",
    "schemas/contract/word.h": "#pragma once\nint word();\n",
    "schemas/contract/word.cpp": '#include "schemas/contract/word.h"\n\nint word() { return 1; }\n',
    "gateway/store/README.md": "# gateway/store\nHolds rows.\n",
    "gateway/store/rows.h": '#pragma once\n#include "gateway/store/session.h"\n#include "schemas/contract/word.h"\n',
    "gateway/store/session.h": "#pragma once\nint rows();\n",
    "gateway/store/session.cpp":
        '#include "gateway/store/session.h"\n\n#include <libpq-fe.h>\n\n'
        'const char* const kRows = "SELECT 1 FROM rows";\nint rows() { return 1; }\n',
    "gateway/consent/README.md": "# gateway/consent\nDecides.\n",
    "gateway/consent/decide.h": "#pragma once\nint decide();\n",
    "gateway/consent/decide.cpp": '#include "gateway/consent/decide.h"\n\nint decide() { return 1; }\n',
    "gateway/sequencer/README.md": "# gateway/sequencer\nOrders.\n",
    "gateway/sequencer/sequencer.cpp":
        '#include "gateway/sequencer/sequencer.h"\n\nvoid run() {\n    try {\n    } catch (...) {\n    }\n}\n',
    "gateway/sequencer/sequencer.h": '#pragma once\n#include "gateway/consent/decide.h"\nvoid run();\n',
    "config/catalogue/never_shown.txt": "kumquat\n-kumquats\nתפוז\n",
    "config/catalogue/notices/referral/v1.en.txt": NOTICE,
    "config/catalogue/notices/SHA256SUMS":
        f"{hashlib.sha256(NOTICE.encode()).hexdigest()}  referral/v1.en.txt\n",
    "tests/unit/all_test.cpp":
        '#include "gateway/consent/decide.h"\n#include "gateway/sequencer/sequencer.h"\n'
        '#include "gateway/store/rows.h"\n#include "schemas/contract/word.h"\n',
    "tests/referees/package-lock.json": '{"packages": {"node_modules/jose": {"version": "6.2.17"}}}\n',
    "tests/unit/number.txt": "3000000" + "07\n",
    "README.md": "Kumquats are fine. The number 000000018 is invented; 123456789 has a wrong check digit.\n",
}


class Planted(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="kesher-lint-"))
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(HERE, self.root / "tests/lint", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("untested.txt", "unformatted.txt", "nine_digits.txt"):
            self.put("tests/lint/" + name, "")
        for name, text in GOOD.items():
            self.put(name, text)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def append(self, name, text):
        self.put(name, (self.root / name).read_text(encoding="utf-8") + text)

    def found(self, only=None):
        return [(finding.rule, finding.file) for finding in lint.findings(self.root, only)]

    def breaks(self, rule, file):
        """The rule speaks of this file, and of no other."""
        self.assertEqual(set(self.found([rule])), {(rule, file)})

    def keeps(self, rule):
        self.assertEqual(self.found([rule]), [])

    def test_a_tree_that_keeps_every_rule_has_no_finding(self):
        self.assertEqual(self.found(), [])

    def test_every_rule_is_broken_by_a_case_here(self):
        text = (HERE / "self_test.py").read_text(encoding="utf-8")
        for rule in lint.RULES:
            self.assertRegex(text, rf'breaks\(\s*"{rule}"|notices\(\s*"{rule}"', rule)

    def test_an_include_upwards(self):
        self.append("schemas/contract/word.h", '#include "gateway/store/rows.h"\n')
        self.breaks("include_layers", "schemas/contract/word.h")

    def test_a_pure_rule_that_includes_more_than_the_contract(self):
        self.append("gateway/consent/decide.h", '#include "audit/merkle/hash.h"\n')
        self.breaks("include_layers", "gateway/consent/decide.h")

    def test_an_include_that_is_no_path_from_the_root(self):
        self.append("gateway/store/rows.h", '#include "session.h"\n')
        self.breaks("include_layers", "gateway/store/rows.h")

    def test_a_folder_that_is_no_known_room(self):
        self.put("gateway/attic/box.h", "#pragma once\n")
        self.breaks("include_layers", "gateway/attic/box.h")

    def test_an_adapter_that_includes_the_hubs_rooms_or_another_adapter(self):
        self.put("adapters/health/map.h", '#pragma once\n#include "adapters/kit/client.h"\n#include "config/settings.h"\n')
        self.keeps("include_layers")
        for target in ("gateway/store/rows.h", "adapters/labor/map.h"):
            self.put("adapters/health/map.h", f'#pragma once\n#include "{target}"\n')
            self.breaks("include_layers", "adapters/health/map.h")

    def test_a_library_outside_its_room(self):
        self.append("schemas/contract/word.cpp", "#include <openssl/evp.h>\n")
        self.breaks("library_rooms", "schemas/contract/word.cpp")

    def test_a_header_that_shows_its_library_to_another_room(self):
        self.put("gateway/store/session.h", "#pragma once\n#include <libpq-fe.h>\n")
        self.append("gateway/sequencer/sequencer.h", '#include "gateway/store/session.h"\n')
        self.breaks("library_rooms", "gateway/sequencer/sequencer.h")

    def test_a_rule_that_reads_a_clock_or_a_file(self):
        self.append("gateway/consent/decide.cpp", "int at() { return clock::now(); }\n")
        self.breaks("pure_rules", "gateway/consent/decide.cpp")
        self.put("gateway/consent/decide.cpp", "#include <fstream>\n")
        self.breaks("pure_rules", "gateway/consent/decide.cpp")

    def test_a_source_that_no_test_reaches(self):
        self.put("gateway/store/cases.cpp", '#include "gateway/store/cases.h"\n')
        self.put("gateway/store/cases.h", "#pragma once\n")
        self.breaks("tested_sources", "gateway/store/cases.cpp")
        self.append("tests/lint/untested.txt", "gateway/store/cases.cpp: \n")
        self.breaks("tested_sources", "gateway/store/cases.cpp")  # a reason is owed
        self.append("tests/lint/untested.txt", "gateway/store/cases.cpp: a reason\n")
        self.keeps("tested_sources")

    def test_an_exception_for_a_source_that_is_gone(self):
        self.put("tests/lint/untested.txt", "gateway/store/gone.cpp: a reason\n")
        self.breaks("tested_sources", "tests/lint/untested.txt")

    def test_sql_outside_the_store(self):
        self.append("gateway/sequencer/sequencer.cpp", 'const char* kQuery = "select id from cases";\n')
        self.breaks("sql_address", "gateway/sequencer/sequencer.cpp")

    def test_everything_caught_in_the_wrong_place(self):
        self.append("gateway/store/session.cpp", "void run() { try {} catch ( ... ) {} }\n")
        self.breaks("catch_all", "gateway/store/session.cpp")

    def test_a_dangerous_call(self):
        self.append("gateway/store/session.cpp", "auto text = fmt::" + "runtime(format);\n")
        self.breaks("dangerous_calls", "gateway/store/session.cpp")

    def notices(self, rule, file, what):
        found = [finding for finding in lint.findings(self.root, [rule]) if not finding.fails]
        self.assertEqual([(finding.file, what in finding.what) for finding in found], [(file, True)])

    def test_a_long_file_and_a_long_function_are_told_and_do_not_fail(self):
        self.put("schemas/contract/long.h", "#pragma once\n" + "\n" * 299)
        self.assertEqual(self.found(["lengths"]), [])
        self.put("schemas/contract/long.h", "#pragma once\n" + "\n" * 300)
        self.notices("lengths", "schemas/contract/long.h", "301 lines")
        self.put("schemas/contract/long.h", "void f() {\n" + "    x();\n" * 58 + "}\n")
        self.assertEqual(self.found(["lengths"]), [])
        self.put("schemas/contract/long.h", "void f() {\n" + "    x();\n" * 59 + "}\n")
        self.notices("lengths", "schemas/contract/long.h", "a function of 61 lines")

    def test_a_file_that_is_not_formatted(self):
        self.put("schemas/contract/word.h", "#pragma once\nint   word( );\n")
        self.breaks("formatting", "schemas/contract/word.h")
        self.put("tests/lint/unformatted.txt", "schemas/contract/: a reason\n")
        self.notices("formatting", "schemas/contract/word.h", "places")

    def test_a_word_that_promises_later_work(self):
        self.append("README.md", "TO" + "DO: the rest\n")
        self.breaks("unfinished", "README.md")

    def test_a_vague_name(self):
        self.put("gateway/store/utils.h", "#pragma once\n")
        self.breaks("vague_names", "gateway/store/utils.h")
        (self.root / "gateway/store/utils.h").unlink()
        self.put("tests/unit/common/x.txt", "")
        self.breaks("vague_names", "tests/unit/common/x.txt")

    def test_a_registry_named_in_the_tree(self):
        self.append("README.md", "https://registry.npm" + "js.org/jose\n")
        self.breaks("outside_hosts", "README.md")

    def test_a_path_of_one_machine(self):
        self.append("README.md", "see /ho" + "me/anna/kesher\n")
        self.breaks("machine_paths", "README.md")

    def test_a_lock_file_with_addresses(self):
        self.put("tests/referees/package-lock.json", '{"resolved": "https://example.org/jose.tgz"}\n')
        self.breaks("locked_hosts", "tests/referees/package-lock.json")

    def test_a_number_that_could_be_a_persons(self):
        self.append("README.md", "id 3000000" + "07 here\n")
        self.breaks("national_ids", "README.md")
        self.put("tests/lint/nine_digits.txt", "3000000" + "07: a code of a public list\n")
        self.keeps("national_ids")

    def test_a_room_without_readme(self):
        (self.root / "gateway/store/README.md").unlink()
        self.breaks("readmes", "gateway/store")

    def test_a_stem_that_must_never_be_shown(self):
        self.append("gateway/store/README.md", "a Kum\u200bquat\n")
        self.breaks("never_shown", "gateway/store/README.md")
        self.put("gateway/store/README.md", "two kumquats\n")
        self.keeps("never_shown")
        self.put("gateway/store/README.md", "הַתַּפּוּז\n")
        self.breaks("never_shown", "gateway/store/README.md")

    def test_a_published_notice_that_changed_or_went_or_is_not_listed(self):
        name = "config/catalogue/notices/referral/v1.en.txt"
        self.append(name, "More.\n")
        self.breaks("published_notices", name)
        (self.root / name).unlink()
        self.breaks("published_notices", "config/catalogue/notices/SHA256SUMS")
        self.put(name, NOTICE)
        self.put("config/catalogue/notices/referral/v2.en.txt", NOTICE)
        self.breaks("published_notices", "config/catalogue/notices/referral/v2.en.txt")


if __name__ == "__main__":
    unittest.main()
