package dev.neurontp.conformance.check;

/** What all checks of a run share. */
record RunContext(
        WorkerLauncher launcher,
        ReplyShape shape,
        Timeouts timeouts,
        Baseline baseline,
        GroupOptions group,
        Generation generation) {}
