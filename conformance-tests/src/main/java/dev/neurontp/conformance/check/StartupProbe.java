package dev.neurontp.conformance.check;

import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.Member;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Noise;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Says hello to a new process: a ping, and what comes back first. */
final class StartupProbe {

    private static final int FLOOD = 2000;
    private static final List<String> PONG_FIELDS = List.of("rank", "world_size", "cuda_device");
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** For the first process: its time is an option of its own. */
    static final String FIRST = "a worker that needs longer to start gets more with --start-timeout";
    /** For all others: their time follows from that of the first. */
    static final String LATER = "more time is given with --timeout";

    /** For one that has begun to write. */
    private static final String WHOLE = "end each reply with a line break (LF), and flush it";

    private static final int MOST_SEEN = 300;
    private static final long MOST_BYTES = 32L << 20;

    private final WorkerProcess worker;
    private final String remedy;
    private final List<Output> seen = new ArrayList<>();
    private long seenBytes;
    private Reply withoutOp;
    private long noiseLines;
    private Noise firstNoise;

    /** A probe; the remedy says what gives a slow worker more time. */
    StartupProbe(WorkerProcess worker, String remedy) {
        this.worker = worker;
        this.remedy = remedy;
    }

    /** Everything that came out, noise too, at most a few hundred. */
    List<Output> seen() {
        return List.copyOf(seen);
    }

    /**
     * Sends a ping, and waits for the first reply.
     *
     * @throws HandshakeException if none comes within the time; the message says what was seen instead
     */
    Reply ping(Duration time) throws HandshakeException {
        begin();
        Reply reply = await(time);
        if (reply == null) {
            throw late(time);
        }
        return reply;
    }

    /** Sends the ping. */
    void begin() {
        worker.write(Session.PING);
    }

    /**
     * The first reply, or null if none comes within the time.
     *
     * @throws HandshakeException if none can come any more
     */
    Reply await(Duration time) throws HandshakeException {
        Deadline deadline = Deadline.in(time);
        while (true) {
            Deadline wait = withoutOp == null ? deadline : deadline.atMost(GRACE);
            Output output = worker.next(wait).orElse(null);
            if (output != null && seen.size() < MOST_SEEN && seenBytes < MOST_BYTES) {
                seen.add(output);
                seenBytes += output.weight();
            }
            switch (output) {
                case null -> {
                    return withoutOp;
                }
                case Noise noise -> noise(noise);
                case Output.End end -> {
                    if (withoutOp != null) {
                        return withoutOp;
                    }
                    throw ended();
                }
                case Reply reply -> {
                    if (isEcho(reply)) {
                        throw new HandshakeException(
                                "it sends back what it is sent: " + reply + ". That is an echo, no worker", worker);
                    }
                    if (reply.op().isPresent()) {
                        return reply;
                    }
                    unlabelled(reply);
                }
            }
        }
    }

    /** Whether something has come, but no whole line or object. */
    boolean hasBegun() {
        return !worker.unfinished().isEmpty();
    }

    /** That none came in this time, and what was seen instead. */
    HandshakeException late(Duration time) {
        String begun = worker.unfinished();
        String what = noiseLines > 0
                ? Count.of(noiseLines, "line") + " on stdout, none of them a frame; the first: " + firstNoise.line()
                        + (begun.isEmpty() ? "" : "; behind that " + begun)
                : begun.isEmpty() ? "nothing at all on stdout" : begun;
        return new HandshakeException(
                "no answer to a ping within " + time.toMillis() + " ms: " + what + "; "
                        + (begun.isEmpty() ? remedy : WHOLE),
                worker);
    }

    /** An object without op: a reply that lacks it, or a log line in JSON. */
    private void unlabelled(Reply reply) throws HandshakeException {
        boolean pong = reply.object().members().stream()
                .anyMatch(member -> member.value() instanceof JsonString string
                        && string.value().equalsIgnoreCase("pong"));
        if (pong
                || PONG_FIELDS.stream()
                        .allMatch(name -> reply.object().get(name).isPresent())) {
            withoutOp = withoutOp == null ? reply : withoutOp;
        } else {
            noise(reply.asNoise());
        }
    }

    private void noise(Noise noise) throws HandshakeException {
        firstNoise = firstNoise == null ? noise : firstNoise;
        noiseLines++;
        if (noiseLines >= FLOOD) {
            throw new HandshakeException(
                    "stdout is flooded with lines that are no frames; the first of over " + FLOOD + ": "
                            + firstNoise.line(),
                    worker);
        }
    }

    private HandshakeException ended() {
        String how = worker.ending(Deadline.in(GRACE))
                .map(ending -> "it ended with " + ending)
                .orElse("it closed stdout and runs on");
        String begun = worker.unfinished();
        String what = noiseLines == 0
                ? begun.isEmpty() ? " and wrote nothing on stdout" : "; " + begun
                : ", and stdout had no frame; its first line: " + firstNoise.line();
        return new HandshakeException(how + " before it answered a ping" + what, worker);
    }

    private static boolean isEcho(Reply reply) {
        return reply.object()
                .members()
                .equals(List.of(new Member(new JsonString("op", false), new JsonString("ping", false))));
    }
}
