package dev.neurontp.harness.pool;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;

/**
 * How long each step of a pool may take. All are positive and at most a day.
 *
 * @param ready the first ping: a worker has until then to start
 * @param ping every later ping; at most {@code ready}
 * @param init until every rank has joined (55 to 60 s is normal on large hosts)
 * @param sanity one all-reduce over all ranks; at most {@code init}
 * @param bye from {@code shutdown} to the exit of the process
 * @param sigterm from SIGTERM to the exit of the process
 * @param sigkill from SIGKILL to the exit of the process
 * @param stop the whole of a shutdown, all ranks in parallel; at least {@code bye + sigterm + sigkill}
 */
public record Deadlines(
        Duration ready,
        Duration ping,
        Duration init,
        Duration sanity,
        Duration bye,
        Duration sigterm,
        Duration sigkill,
        Duration stop) {
    private static final Duration LONGEST = Duration.ofDays(1);

    public static final Deadlines DEFAULT = new Deadlines(
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(120),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(4),
            Duration.ofSeconds(2),
            Duration.ofSeconds(12));

    public Deadlines {
        require("ready", ready);
        require("ping", ping);
        require("init", init);
        require("sanity", sanity);
        require("bye", bye);
        require("sigterm", sigterm);
        require("sigkill", sigkill);
        require("stop", stop);
        requireInside("ping", ping, "ready", ready);
        requireInside("sanity", sanity, "init", init);
        requireInside("bye + sigterm + sigkill", bye.plus(sigterm).plus(sigkill), "stop", stop);
    }

    public Deadlines withReady(Duration value) {
        return new Deadlines(value, ping, init, sanity, bye, sigterm, sigkill, stop);
    }

    public Deadlines withPing(Duration value) {
        return new Deadlines(ready, value, init, sanity, bye, sigterm, sigkill, stop);
    }

    public Deadlines withInit(Duration value) {
        return new Deadlines(ready, ping, value, sanity, bye, sigterm, sigkill, stop);
    }

    public Deadlines withSanity(Duration value) {
        return new Deadlines(ready, ping, init, value, bye, sigterm, sigkill, stop);
    }

    /** The three steps of an end; {@code stop} becomes their sum and one second. */
    public Deadlines withEnd(Duration byeStep, Duration sigtermStep, Duration sigkillStep) {
        Duration whole = byeStep.plus(sigtermStep).plus(sigkillStep).plusSeconds(1);
        return new Deadlines(ready, ping, init, sanity, byeStep, sigtermStep, sigkillStep, whole);
    }

    private static void require(String name, Duration value) {
        requireNonNull(value, name + " is null");
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the deadline '" + name + "' is " + Durations.time(value)
                    + ": it must be more than 0 and at most a day");
        }
    }

    private static void requireInside(String inner, Duration value, String outer, Duration bound) {
        if (value.compareTo(bound) > 0) {
            throw new IllegalArgumentException("the deadline '" + inner + "' is " + Durations.time(value)
                    + " and lies inside '" + outer + "', which is " + Durations.time(bound)
                    + ": make the first shorter or the second longer");
        }
    }
}
