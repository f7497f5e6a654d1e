"""How well topics are told without rules, and how the model for it is made.

python -m benchmarks.topics FILE.jsonl MAPPING.json
python -m benchmarks.topics.train HUFFPOST.json UCI.csv --table WORDLLAMA_FOLDER
"""
