package dev.neurontp.conformance.check;

import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Noise;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What must hold before anything can be judged: a ping is answered, and requests and replies match one to one.
 * It also learns what this worker answers to plain requests, and so which stage it is of.
 */
final class InitialHandshake {

    private static final byte[] INIT = "{\"op\":\"init\",\"comm_id\":\"\"}\n".getBytes(StandardCharsets.UTF_8);
    private final WorkerLauncher launcher;
    private final ReplyShape shape;
    private final Duration timeout;
    private final Duration startTimeout;
    private final BiConsumer<RuleViolation, WorkerProcess> incidental;
    private Baseline baseline;
    private WorkerProcess met;
    private Duration firstReply;
    private String stageReason;

    InitialHandshake(
            WorkerLauncher launcher,
            ReplyShape shape,
            Duration timeout,
            Duration startTimeout,
            BiConsumer<RuleViolation, WorkerProcess> incidental) {
        this.launcher = launcher;
        this.shape = shape;
        this.timeout = timeout;
        this.startTimeout = startTimeout;
        this.incidental = incidental;
    }

    Baseline baseline() {
        return baseline;
    }

    Duration firstReply() {
        return firstReply;
    }

    /** How the stage is known. */
    String stageReason() {
        return stageReason;
    }

    /**
     * Meets the worker.
     *
     * @param stage the stage to judge it as, or null to ask the worker
     * @throws HandshakeException if it cannot be judged
     * @throws RuleViolation if it answers, but not one to one
     */
    void run(Stage stage) throws HandshakeException, StartFailure, RuleViolation {
        WorkerProcess worker = launcher.start(Identity.SHARED.arguments(), Map.of(), false);
        boolean fit = false;
        try {
            StartupProbe probe = new StartupProbe(worker, StartupProbe.FIRST);
            Reply pong = new FirstContact(launcher, startTimeout).reply(probe);
            firstReply = Duration.ofMillis(pong.atMillis());
            boolean tagged = pong.op().isPresent();
            if (tagged) {
                launcher.requireOp();
            }
            probe.seen().stream()
                    .map(output -> tagged
                                    && output instanceof Reply reply
                                    && reply.op().isEmpty()
                            ? reply.asNoise()
                            : output)
                    .flatMap(output ->
                            shape.violations(output, output instanceof Noise ? "" : "{\"op\":\"ping\"}").stream())
                    .forEach(violation -> incidental.accept(violation, worker));
            Stage assumed = stage == null ? Stage.PLUMBING : stage;
            baseline = new Baseline(pong.object(), null, null, assumed);
            requireOneToOne(worker, "{\"op\":\"ping\"}", false);
            Answer sanity = answer(worker, Session.SANITY, "{\"op\":\"nccl_sanity_check\"}");
            Answer init = null;
            if (!new Answer("error", Stage.COLLECTIVE.sanityKind()).equals(sanity) && stage != Stage.COLLECTIVE) {
                init = answer(worker, INIT, "{\"op\":\"init\",\"comm_id\":\"\"}");
            }
            Stage judged = stage == null ? stageOf(sanity, init) : stage;
            stageReason = stage != null ? "as told" : stageReason;
            baseline = new Baseline(
                    pong.object(),
                    sanity == null ? new Answer("(none)", "") : sanity,
                    init == null ? new Answer("(none)", "") : init,
                    judged);
            fit = worker.ending().isEmpty();
        } finally {
            if (fit) {
                met = worker;
            } else {
                launcher.end(worker);
            }
        }
    }

    /** The worker that was met, for checks to share; null where it did not survive or was taken before. */
    WorkerProcess takeWorker() {
        WorkerProcess worker = met;
        met = null;
        return worker;
    }

    private void requireOneToOne(WorkerProcess worker, String after, boolean afterError) throws RuleViolation {
        worker.write(Session.PING);
        Output output = next(worker);
        boolean good = output instanceof Reply reply && baseline.isPong(reply);
        if (!good) {
            boolean lost = !(output instanceof Reply);
            throw new RuleViolation(
                    lost && afterError ? "O8" : "F4",
                    after + "\n{\"op\":\"ping\"}",
                    "the ping after " + after + " to get the same pong as the first ping",
                    words(worker, output));
        }
    }

    /** The answer to one request, or null where this worker is lost with it (its own check will say so). */
    private Answer answer(WorkerProcess worker, byte[] request, String shown) throws RuleViolation {
        if (worker.ending().isPresent()) {
            return null;
        }
        worker.write(request);
        if (!(next(worker) instanceof Reply reply)) {
            launcher.end(worker);
            return null;
        }
        shape.violations(reply, shown).forEach(violation -> incidental.accept(violation, worker));
        requireOneToOne(worker, shown, reply.isError());
        return Answer.of(reply);
    }

    private Output next(WorkerProcess worker) {
        Deadline deadline = Deadline.in(timeout);
        Output output = worker.next(deadline).orElse(null);
        while (output instanceof Noise noise) {
            shape.violations(noise, "{\"op\":\"ping\"}").forEach(violation -> incidental.accept(violation, worker));
            output = worker.next(deadline).orElse(null);
        }
        return output;
    }

    private Stage stageOf(Answer sanity, Answer init) {
        for (Answer answer : new Answer[] {sanity, init}) {
            for (Stage stage : Stage.values()) {
                if (new Answer("error", stage.sanityKind()).equals(answer)) {
                    stageReason = "asked of the worker: it answers "
                            + (answer.equals(sanity) ? "nccl_sanity_check" : "init") + " with " + answer.kind();
                    return stage;
                }
            }
        }
        stageReason = "the worker does not say: nccl_sanity_check got " + (sanity == null ? "no reply" : sanity);
        return Stage.PLUMBING;
    }

    private String words(WorkerProcess worker, Output output) {
        return switch (output) {
            case null -> worker.nothingWithin(timeout);
            case Reply reply -> reply.toString();
            default ->
                worker.ending(Deadline.in(Duration.ofSeconds(1)))
                        .map(ending -> "no reply: the worker ended: " + ending)
                        .orElse("no reply: it closed stdout and runs on");
        };
    }
}
