package dev.neurontp.harness.daemon.http;

import dev.neurontp.rpc.U32;
import dev.neurontp.rpc.XCollective;
import java.time.Duration;

/** Turns the body of {@code POST /pools/{id}/collective} into a request to the ranks. What the ranks know of its words they say. */
final class CollectiveReader {
    private static final long LONGEST_MS = Duration.ofMinutes(100).toMillis();
    private static final int MOST_RUNS = 100_000;

    private CollectiveReader() {}

    static XCollective read(JsonFields body) {
        XCollective asked = new XCollective(
                body.require("collective", body.text("collective")),
                body.require("type", body.text("type")),
                body.text("redop").orElse(""),
                body.require("count", body.number("count", 0, Long.MAX_VALUE)),
                body.number("root", 0, U32.MAX).orElse(0L),
                body.text("pairs").orElse(""),
                body.text("place").orElse("out"),
                body.number("shift", 0, U32.MAX).orElse(0L),
                body.number("warmup", 0, MOST_RUNS).orElse(0L),
                body.number("iterations", 0, MOST_RUNS).orElse(0L),
                body.number("checks", 0, MOST_RUNS).orElse(1L),
                body.number("seed", 0, Long.MAX_VALUE).orElse(0L),
                body.require("timeout_ms", body.number("timeout_ms", 1, LONGEST_MS)));
        body.end();
        return asked;
    }
}
