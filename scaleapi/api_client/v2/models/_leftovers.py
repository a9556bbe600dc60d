"""Models of scaleapi 2 that no call uses, and aliases of other models."""

from __future__ import annotations

from typing import TypeAlias

from .... import v2
from ...._enums import StringEnum
from ...._model.fields import optional
from ...._model.kinds import NUMBER, OBJECT, TEXT, ListOf, Nested
from ...._model.objects import Model

# Parts that scaleapi 2 put its models together from.
AnnotationBooleanProperties = v2.AnnotationBoolean
AnnotationCategoryMultipleProperties = v2.AnnotationCategoryMultiple
AnnotationCategoryProperties = v2.AnnotationCategory
AnnotationFileProperties = v2.AnnotationFile
AnnotationIntegerProperties = v2.AnnotationInteger
AnnotationLabeledTextProperties = v2.AnnotationLabeledText
AnnotationRankedChoicesProperties = v2.AnnotationRankedChoices
AnnotationRankedGroupsProperties = v2.AnnotationRankedGroups
AnnotationRubricCriteriaProperties = v2.AnnotationRubricCriteria
AnnotationRubricRatingProperties = v2.AnnotationRubricRating
AnnotationTextProperties = v2.AnnotationText
AnnotationWorkspaceContainerProperties = v2.AnnotationWorkspaceContainer
BaseAnnotation = v2.Annotation
BaseChunk = v2.Chunk
ChunkTextProperties = v2.ChunkText

# Several names of one thing.
CancelBatch200Response = v2.BatchOperationResponse
PauseBatch200Response = v2.BatchOperationResponse
ResumeBatch200Response = v2.BatchOperationResponse
FinalizeBatchRequest = v2.BatchOperationRequest
Expandable = v2.ExpandableEnumDelivery

# What was a wrapper of either.
AnnotationFilePropertiesValue: TypeAlias = v2.DetailedFile | list[v2.BasicFile]
CreateBatchRequestProject: TypeAlias = str
DatasetDeliveryDataset: TypeAlias = v2.Id | v2.Dataset
ExpandableAnnotation: TypeAlias = v2.Id | v2.Annotation
ExpandableBatch: TypeAlias = v2.Id | v2.Batch
ExpandableDataset: TypeAlias = v2.Id | v2.Dataset
ExpandableDatasetDelivery: TypeAlias = v2.Id | v2.DatasetDelivery
ExpandableDelivery: TypeAlias = v2.Id | v2.Delivery
ExpandableProject: TypeAlias = v2.Id | v2.Project


class GenAIProjectType(StringEnum):
    """Types of projects that were once all there are."""

    SFT = "SFT"
    RLHF_COLON__PREF_RANKING = "RLHF: Pref Ranking"
    RLHF_COLON__PREF_RANKING_WITH_REWRITES = "RLHF: Pref Ranking with Rewrites"
    RLVR_COLON__REINFORCEMENT_LEARNING_WITH_VERIFIABLE_REWARDS = (
        "RLVR: Reinforcement Learning with Verifiable Rewards"
    )
    RUBRICS = "Rubrics"
    PROCESS_SUPERVISION = "Process Supervision"
    EVALS = "Evals"
    PROMPT_GENERATION = "Prompt Generation"
    CONTENT_UNDERSTANDING = "Content Understanding"
    OTHER = "Other"


class GetBatch500Response(Model):
    """What the service says when it refuses a call or fails; now in the exception."""

    status_code = optional(NUMBER, "The HTTP status.")
    error = optional(TEXT, "What went wrong.")


GetDatasetTaskResponseUrl404Response = GetBatch500Response
GetSchema400Response = GetBatch500Response
GetSchema404Response = GetBatch500Response
GetTask500Response = GetBatch500Response


class V1TaskTaskIdGet200ResponseResponse(Model):
    """The response of a task of v1."""

    responses = optional(ListOf(OBJECT), "The responses.")


class V1TaskTaskIdGet200Response(Model):
    """A task of v1."""

    task_id = optional(TEXT, "The task's id.")
    created_at = optional(TEXT, "When it was created, as text.")
    type = optional(TEXT, "The type.")
    params = optional(OBJECT, "What is to be done.")
    response = optional(Nested(V1TaskTaskIdGet200ResponseResponse), "What was done.")


class WorkspaceExecutionDataResultStatus(Model):
    """How a run ended."""

    code = optional(NUMBER, "The code.")
    name = optional(TEXT, "Its name.")


class WorkspaceExecutionDataResult(Model):
    """The result of a run."""

    status = optional(Nested(WorkspaceExecutionDataResultStatus), "How it ended.")
    time = optional(NUMBER, "How long it took.")
    score = optional(NUMBER, "How good it was.")


class WorkspaceExecutionData(Model):
    """A run in a workspace."""

    id = optional(TEXT, "Its id.")
    result = optional(Nested(WorkspaceExecutionDataResult), "Its result.")
