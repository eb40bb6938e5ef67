package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Closes a worker that served many checks, in good order, and says how it went. */
final class WorkerShutdown {

    private static final byte[] SHUTDOWN = "{\"op\":\"shutdown\"}\n".getBytes(StandardCharsets.UTF_8);

    private static final String AFTER_A_RUN = "a worker that served many checks";

    private final WorkerProcess worker;

    private final ReplyShape shape;
    private final Duration timeout;
    private final long mark;
    private final List<RuleViolation> violations = new ArrayList<>();

    WorkerShutdown(WorkerProcess worker, ReplyShape shape, Duration timeout) {
        this.worker = worker;
        this.shape = shape;
        this.timeout = timeout;
        this.mark = worker.transcript().mark();
    }

    List<RuleViolation> violations() {
        return violations;
    }

    Evidence evidence() {
        return Evidence.of(worker, mark);
    }

    String close(boolean byShutdown) {
        long start = worker.nowMillis();
        String rule = byShutdown ? "L2" : "L1";
        String sent = byShutdown ? "{\"op\":\"shutdown\"}" : "(stdin closed)";
        if (byShutdown) {
            worker.write(SHUTDOWN);
        } else {
            worker.closeStdin();
        }
        LastWords words = new LastWords();
        List<Reply> replies = words.replies();
        boolean open = drain(sent, words);
        ExitStatus ending = worker.ending(Deadline.in(timeout)).orElse(null);
        boolean bye = replies.size() == 1
                && replies.getFirst().op().filter("bye"::equals).isPresent();
        if (byShutdown ? !bye : !replies.isEmpty()) {
            violations.add(new RuleViolation(
                            rule,
                            sent,
                            byShutdown ? "bye and nothing else" : "no reply",
                            DedicatedWorker.shown(replies))
                    .example(AFTER_A_RUN)
                    .onlyInARun());
        }
        if (ending == null) {
            violations.add(new RuleViolation(
                            rule,
                            sent,
                            "the process to end",
                            "it still runs after " + timeout.toMillis() + " ms" + (open ? "" : ", with stdout closed"))
                    .runsOn()
                    .example(AFTER_A_RUN)
                    .onlyInARun());
        } else if (ending.exitCode() != 0) {
            violations.add(new RuleViolation(rule, sent, "exit code 0", ending.toString())
                    .example(AFTER_A_RUN)
                    .onlyInARun());
        } else {
            List<String> left = worker.leftBehind(Timeouts.aftermath(timeout));
            if (!left.isEmpty()) {
                violations.add(new RuleViolation(rule, sent, Timeouts.NOTHING_LEFT, String.join(", ", left))
                        .example(AFTER_A_RUN)
                        .onlyInARun());
            }
        }
        String how = ending == null ? "still running" : "exit code " + ending.exitCode();
        return "pid " + worker.pid() + ": "
                + (byShutdown ? "shutdown, " + (bye ? "bye, " : "no bye, ") : "end of input, ") + how + ", "
                + (worker.nowMillis() - start) + " ms";
    }

    private boolean drain(String sent, LastWords words) {
        Deadline deadline = Deadline.in(timeout);
        while (true) {
            boolean ended = worker.ending().isPresent();
            Output output = worker.next(Deadline.in(Duration.ofMillis(ended ? 300 : 50)))
                    .orElse(null);
            if (output == null) {
                if ((ended && worker.isHeardOut()) || deadline.isOver()) {
                    return true;
                }
                continue;
            }
            violations.addAll(shape.violations(output, sent));
            if (output instanceof Reply reply) {
                words.add(reply);
            }
            if (output instanceof Output.End) {
                return false;
            }
            if (deadline.isOver() || words.areEnoughWith(violations.size())) {
                return true;
            }
        }
    }
}
