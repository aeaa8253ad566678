"""`--adapter model`: the declared chart, run by the python-statemachine engine, as an implementation like any other.

Imports the model's charts and the contract; nothing of what judges. A changed chart is judged in the same way:
`ChartService(MyChart)`. So is a mutant of the extended finite state machine, which `StepperEngine` runs.
"""

from asr_properties.adapters.chart.service import ChartService

__all__ = ["ChartService"]
