"""Records what Jinja2 answers to every template of templates.txt, in both undefined modes.

    python3 testing/jinja-golden/record.py

Needs Jinja2 3.1 (Debian: python3-jinja2). Writes answers.json, which is committed: the tests need no Python.
An answer is the rendered text, or null where Jinja2 raises; the error's type stands beside it for readers.
"""

import json
import pathlib
import re

import jinja2

HERE = pathlib.Path(__file__).parent

# Differs from one recording to the next.
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def read_templates():
    """One JSON string a line; empty lines and lines that begin with # are for readers."""
    for line in (HERE / "templates.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield json.loads(line)


def answer(environment, template, context):
    try:
        text = environment.from_string(template).render(**context)
        return {"text": ADDRESS.sub(" at 0x…", text)}
    except RecursionError:
        raise
    except Exception as error:  # whatever Jinja2 or Python raises is the answer
        return {"text": None, "error": type(error).__name__}


def main():
    context = json.loads((HERE / "context.json").read_text(encoding="utf-8"))
    strict = jinja2.Environment(undefined=jinja2.StrictUndefined)
    lenient = jinja2.Environment()
    answers = [
        {
            "template": template,
            "strict": answer(strict, template, context),
            "lenient": answer(lenient, template, context),
        }
        for template in read_templates()
    ]
    lines = ",\n".join("  " + json.dumps(item) for item in answers)
    text = '{\n "jinja2": %s,\n "answers": [\n%s\n ]\n}\n' % (json.dumps(jinja2.__version__), lines)
    (HERE / "answers.json").write_text(text, encoding="utf-8")
    print(f"{len(answers)} templates recorded with Jinja2 {jinja2.__version__}")


if __name__ == "__main__":
    main()
