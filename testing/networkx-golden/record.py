"""Records the order that networkx gives to random acyclic chains, built as the tutorial's runner builds them.

    python3 testing/networkx-golden/record.py > testing/networkx-golden/orders.json
    npx biome format --write testing/networkx-golden/orders.json

Needs networkx 2.6 or newer (Debian: apt install python3-networkx). Seeded: the same networkx prints the same file.
"""

import json
import random
import sys

import networkx as nx

CHAINS = 200


def random_chain(rng):
    """Action ids in document order, each with what it depends on; edges follow a hidden order."""
    size = rng.randint(1, 16)
    hidden = [f"a{i}" for i in range(size)]
    density = rng.choice([0.05, 0.15, 0.3, 0.6])
    depends_on = {}
    for i, action in enumerate(hidden):
        depends_on[action] = [dep for dep in hidden[:i] if rng.random() < density]
        rng.shuffle(depends_on[action])
    document = hidden[:]
    rng.shuffle(document)
    return {action: depends_on[action] for action in document}


def order_of(chain):
    graph = nx.DiGraph()
    for action, depends_on in chain.items():
        graph.add_node(action)
        for dep in depends_on:
            graph.add_edge(dep, action)
    return list(nx.topological_sort(graph)), [list(g) for g in nx.topological_generations(graph)]


def main():
    rng = random.Random(20250101)
    cases = []
    for _ in range(CHAINS):
        chain = random_chain(rng)
        order, generations = order_of(chain)
        assert order == [action for generation in generations for action in generation]
        cases.append({"dependsOn": list(chain.items()), "generations": generations})
    lines = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases)
    sys.stdout.write(f'{{"networkx":"{nx.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
