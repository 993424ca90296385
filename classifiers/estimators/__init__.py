"""The kinds of classifier there are: one interface, one table."""

from sklearn.base import BaseEstimator

from classifiers.estimators.keywords import KeywordClassifier
from classifiers.estimators.linear import LinearClassifier
from classifiers.estimators.transformer import TransformerClassifier

ESTIMATORS: dict[str, type[BaseEstimator]] = {
    "keywords": KeywordClassifier,
    "linear": LinearClassifier,
    "transformer": TransformerClassifier,
}
