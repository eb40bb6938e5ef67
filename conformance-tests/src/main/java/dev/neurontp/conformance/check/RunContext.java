package dev.neurontp.conformance.check;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What all checks of a run share. */
record RunContext(
        WorkerLauncher launcher,
        ReplyShape shape,
        Timeouts timeouts,
        Baseline baseline,
        GroupOptions group,
        GroupTimes groupTimes,
        Duration idle,
        BooleanSupplier mayGoOn,
        Generation generation) {}
