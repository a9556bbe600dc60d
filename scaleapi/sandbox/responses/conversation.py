"""Canned conversations: the v2 response of completed chat tasks.

They are not stored. A task always gets the same one, built from its prompt, its v1 response and
random values seeded by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..base.documents import JsonObject, is_array, is_object
from .annotator import MODELS, Annotator, audio_file, basic_file, image_file
from .rubrics import Rubric

_ID = re.compile(r"an_([0-9a-f]{24})_[0-9]+")
_PROMPT = "Which is the longest river in Europe?"
_RESPONSES = ("The Volga. It is 3,530 kilometres long.", "The Danube, I think.")
_MORE = ("It ends in the Caspian Sea.", "It ends in the Black Sea.")
_THOUGHT = "Rivers of Europe by length: Volga, Danube, Ural."


def conversation(task: JsonObject) -> list[JsonObject]:
    """Return the threads of a completed task: given or canned ones."""
    given = given_threads(task)
    if given is not None:
        return given
    annotator = Annotator(task["task_id"])
    thread: JsonObject = {
        "id": f"thread_{task['task_id']}",
        "turns": [_first_turn(task, annotator), _second_turn(task, annotator)],
        "submissions": [
            {
                "submitted_at": task["completed_at"],
                "contributor_id": f"{annotator.random.getrandbits(96):024x}",
            }
        ],
        "annotations": annotator.of_thread(),
    }
    return [thread]


def given_threads(task: JsonObject) -> list[JsonObject] | None:
    """Return the threads in the response of a task, or None."""
    threads = (task.get("response") or {}).get("threads")
    return threads if is_array(threads) else None


def annotations_in(value: object) -> Iterator[JsonObject]:
    """Yield every annotation of a conversation or a part of it."""
    if is_array(value):
        for entry in value:
            yield from annotations_in(entry)
    elif is_object(value):
        for name, entry in value.items():
            if name == "annotations" and is_array(entry):
                yield from filter(is_object, entry)
            else:
                yield from annotations_in(entry)


def task_of_annotation(annotation_id: str) -> str | None:
    """Return the task id in the id of a canned annotation, or None for any other id."""
    match = _ID.fullmatch(annotation_id)
    return match and match[1]


def _first_turn(task: JsonObject, annotator: Annotator) -> JsonObject:
    """Return a question, its answers, and a ranking of them."""
    variables = task["params"].get("template_variables")
    prompt = variables.get("prompt") if is_object(variables) else None
    question: JsonObject = {
        "text": prompt if isinstance(prompt, str) else _PROMPT,
        "reference_texts": [
            {"content": _THOUGHT, "category": "table", "url": "https://example.com/rivers"}
        ],
        "attachments": [basic_file("question.txt"), image_file(), audio_file()],
    }
    messages = [
        _message("system", "system", {"text": "You answer in one sentence."}),
        _message("user", "user", question),
        *_answers(_RESPONSES, annotator),
    ]
    preferred = annotator.random.sample(MODELS, len(MODELS))
    return {
        "id": f"turn_{task['task_id']}_1",
        "messages": messages,
        "annotations": annotator.of_choice(preferred),
    }


def _second_turn(task: JsonObject, annotator: Annotator) -> JsonObject:
    """Return a follow-up question, a function call, and answers rated by a rubric."""
    turn_id = f"turn_{task['task_id']}_2"
    rubric = Rubric(annotator, turn_id)
    answers = _answers([*_outputs(task), *_MORE][: len(MODELS)], annotator)
    for response in answers:
        ratings, evaluation = rubric.rate()
        response["annotations"] += ratings
        response["rubric_evaluations"] = [evaluation]
    return {
        "id": turn_id,
        "messages": [
            _message("user", "user", {"text": "Where does it end?"}),
            _message("function", "search", {"text": '{"found": 1}'}),
            *answers,
        ],
        "annotations": [*rubric.annotations, annotator.of_workspace()],
        "rubrics": [rubric.as_json()],
    }


def _outputs(task: JsonObject) -> list[str]:
    """Return the texts of the v1 response."""
    responses = task.get("response", {}).get("responses")
    answers = filter(is_object, responses) if is_array(responses) else ()
    outputs = [one.get("output") for one in answers]
    return [output for output in outputs if isinstance(output, str)]


def _answers(texts: Sequence[str], annotator: Annotator) -> list[JsonObject]:
    """Return one message of each model."""
    answers: list[JsonObject] = []
    for model, text in zip(MODELS, texts, strict=True):
        content = {
            "text": text,
            "chunks": [{"type": "text", "text": text, "annotations": annotator.of_chunk(text)}],
            "reasoning": [{"content": _THOUGHT}],
        }
        response = _message("assistant", model, content)
        response["annotations"] = annotator.of_message()
        response["model_parameters"] = {
            "model": model,
            "temperature": annotator.random.randint(0, 10) / 10,
            "max_completion_tokens": 1024,
            "top_p": 0.9,
            "top_k": 40,
        }
        answers.append(response)
    return answers


def _message(role: str, source: str, content: JsonObject) -> JsonObject:
    return {"role": role, "content": content, "source_id": source, "annotations": []}
