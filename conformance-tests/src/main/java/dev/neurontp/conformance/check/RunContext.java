package dev.neurontp.conformance.check;

/** What all checks of a run share. */
record RunContext(
        WorkerLauncher fleet,
        ReplyShape shape,
        Timeouts pace,
        Baseline baseline,
        GroupOptions group,
        Generation generation) {}
