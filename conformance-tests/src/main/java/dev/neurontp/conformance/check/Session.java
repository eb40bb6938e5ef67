package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Noise;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One worker that several scripts share, with what it answers to plain requests. One thread at a time. */
final class Session {

    static final byte[] PING = "{\"op\":\"ping\"}\n".getBytes(StandardCharsets.UTF_8);
    static final byte[] SANITY = "{\"op\":\"nccl_sanity_check\"}\n".getBytes(StandardCharsets.UTF_8);

    private final WorkerProcess worker;
    private final Baseline baseline;
    private final ReplyShape shape;
    private final List<RuleViolation> incidentals = new ArrayList<>();
    private int scripts;
    private long mark;
    private boolean trusted = true;
    private boolean retired;

    Session(WorkerProcess worker, Baseline baseline, ReplyShape shape) {
        this.worker = worker;
        this.baseline = baseline;
        this.shape = shape;
    }

    WorkerProcess worker() {
        return worker;
    }

    Baseline baseline() {
        return baseline;
    }

    /** Whether scripts ran in this process before. */
    boolean hasHistory() {
        return scripts > 1;
    }

    int scripts() {
        return scripts;
    }

    /** Whether requests and replies still match, and the process lives. */
    boolean isTrusted() {
        return trusted && worker.ending().isEmpty();
    }

    void distrust() {
        trusted = false;
    }

    /** Lets the next script have a fresh process, which is said against this one by nothing that it did here. */
    void retire() {
        trusted = false;
        retired = true;
    }

    /** Whether it is not used again although nothing was seen that is wrong. */
    boolean isRetired() {
        return retired;
    }

    void begin() {
        scripts++;
        mark = worker.transcript().mark();
        incidentals.clear();
    }

    /** How the process ended, which is asked where stdout ended. */
    String ended() {
        return worker.ending(Deadline.in(Duration.ofSeconds(1)))
                .map(ending -> "the worker ended: " + ending)
                .orElse("it closed stdout and runs on");
    }

    List<String> transcript() {
        return worker.transcript().since(mark);
    }

    /** What was seen of other rules than the one that is being checked. */
    List<RuleViolation> incidentals() {
        return List.copyOf(incidentals);
    }

    void addIncidental(RuleViolation violation) {
        incidentals.add(violation);
    }

    /**
     * What comes next: a reply, the end of stdout, or null when the deadline passes. Noise is judged and skipped.
     *
     * @param sent says what was sent, where it is wanted for a violation
     */
    Output await(Deadline deadline, Supplier<String> sent) {
        while (true) {
            Output output = worker.next(deadline).orElse(null);
            if (output == null) {
                return null;
            }
            if (incidentals.size() < 100 && !shape.isRight(output)) {
                incidentals.addAll(shape.violations(output, sent.get()));
            }
            switch (output) {
                case Noise noise -> {}
                case Reply reply -> {
                    return reply;
                }
                case Output.End end -> {
                    return end;
                }
            }
        }
    }
}
