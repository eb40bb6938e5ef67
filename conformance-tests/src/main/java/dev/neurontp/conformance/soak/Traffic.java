package dev.neurontp.conformance.soak;

import dev.neurontp.conformance.check.ReplyShape;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The same few requests over and over, many in each write; each reply must have the op of the first one to its request. */
final class Traffic {

    private static final List<String> REQUESTS = List.of(
            "{\"op\":\"ping\"}",
            "{\"op\":\"no such op\"}",
            "{\"op\":\"ping\",\"more\":[1,{\"x\":null}]}",
            "no json",
            "{\"op\":\"nccl_sanity_check\"}");

    private static final int ROUNDS_A_WRITE = 20;
    /** Each is kept with the transcript that it was seen in. */
    private static final int MOST_TOLD = 100;

    private static final Duration ENDING = Duration.ofSeconds(1);

    private final WorkerProcess worker;
    private final Duration timeout;
    private final List<String> first = new ArrayList<>();
    private final byte[] batch =
            (String.join("\n", REQUESTS) + "\n").repeat(ROUNDS_A_WRITE).getBytes(StandardCharsets.UTF_8);
    private final ReplyShape shape;
    private final Consumer<RuleViolation> onForm;
    private long answered;
    private int told;

    /** @param onForm hears what is wrong with the form of what comes */
    Traffic(WorkerProcess worker, Duration timeout, ReplyShape shape, Consumer<RuleViolation> onForm) {
        this.worker = worker;
        this.timeout = timeout;
        this.shape = shape;
        this.onForm = onForm;
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

    /** The next reply, or the end, judged for its form; noise is told and skipped. Null when the time is over. */
    private Output next(Duration time) {
        Deadline deadline = Deadline.in(time);
        Output output;
        do {
            output = worker.next(deadline).orElse(null);
            if (output != null && told < MOST_TOLD) {
                shape.violations(output, "request " + (answered + 1) + " to this process, without waiting")
                        .forEach(this::tell);
            }
        } while (output instanceof Output.Noise);
        return output;
    }

    private void tell(RuleViolation violation) {
        told++;
        onForm.accept(violation);
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
