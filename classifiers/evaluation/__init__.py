"""``make evaluate``: the served models on the test split, public benchmarks, and what others would build."""
