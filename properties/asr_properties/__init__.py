"""How implementations are judged: properties, oracle, generation, adapters, reference implementation, traces."""
