package dev.neurontp.conformance.soak;

import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The same few requests over and over, many in each write; each reply must have the op of the first one to its request. */
final class Traffic {

    private static final List<String> REQUESTS = List.of(
            "{\"op\":\"ping\"}",
            "{\"op\":\"no such op\"}",
            "{\"op\":\"ping\",\"more\":[1,{\"x\":null}]}",
            "no json",
            "{\"op\":\"nccl_sanity_check\"}");

    private static final int ROUNDS_A_WRITE = 20;
    private static final Duration ENDING = Duration.ofSeconds(1);

    private final WorkerProcess worker;
    private final Duration timeout;
    private final List<String> first = new ArrayList<>();
    private final byte[] batch =
            (String.join("\n", REQUESTS) + "\n").repeat(ROUNDS_A_WRITE).getBytes(StandardCharsets.UTF_8);
    private long answered;

    Traffic(WorkerProcess worker, Duration timeout) {
        this.worker = worker;
        this.timeout = timeout;
    }

    /** How many requests were answered as they should be. */
    long answered() {
        return answered;
    }

    /** Learns the reply to each request, one at a time. */
    void begin(Duration startTimeout) throws RuleViolation {
        for (String request : REQUESTS) {
            worker.write((request + "\n").getBytes(StandardCharsets.UTF_8));
            Output output = next(first.isEmpty() ? startTimeout : timeout);
            if (!(output instanceof Reply reply)) {
                throw violation(request, "a reply", output);
            }
            first.add(essence(reply));
            answered++;
        }
    }

    /** Sends many, and takes their replies. */
    void goOn() throws RuleViolation {
        worker.write(batch);
        for (int i = 0; i < ROUNDS_A_WRITE * REQUESTS.size(); i++) {
            Output output = next(timeout);
            int which = i % REQUESTS.size();
            if (!(output instanceof Reply reply) || !essence(reply).equals(first.get(which))) {
                throw violation(REQUESTS.get(which), "the reply that it got before: " + first.get(which), output);
            }
            answered++;
        }
    }

    private Output next(Duration time) {
        return worker.next(Deadline.in(time)).orElse(null);
    }

    private RuleViolation violation(String request, String expected, Output output) {
        String got = switch (output) {
            case null -> worker.nothingWithin(timeout);
            case Output.End _ ->
                worker.ending(Deadline.in(ENDING))
                        .map(ending -> "no reply: the worker ended: " + ending)
                        .orElse("no reply: it closed stdout and runs on");
            default -> output.toString();
        };
        return new RuleViolation(
                "F4", "request " + (answered + 1) + " to this process, without waiting: " + request, expected, got);
    }

    /** An error's kind and words may differ from one time to the next, and the order of fields. */
    private static String essence(Reply reply) {
        return reply.isError() ? "an error" : "op " + reply.op().orElse("(none)");
    }
}
