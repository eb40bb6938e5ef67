package dev.neurontp.ops.doctor.probe;

import dev.neurontp.harness.process.ChildPipe;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.harness.time.WaitedTime;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Runs a program that may hang in the kernel, where not even SIGKILL ends it: nothing here waits for it without a bound. */
public final class BoundedChild {
    private static final Duration AFTER_KILL = Duration.ofMillis(500);

    private BoundedChild() {}

    /** Runs it in this process's environment; stdin is empty. */
    public static ChildEnd run(List<String> command, Duration bound) throws InterruptedException {
        return run(command, Map.of(), bound);
    }

    /** The same with some variables set in its environment. */
    public static ChildEnd run(List<String> command, Map<String, String> environment, Duration bound)
            throws InterruptedException {
        return run(command, environment, KeptOutput.beginning(), bound);
    }

    /**
     * Runs it in this process's environment for a text of any length; stdin is empty.
     *
     * @param wanted told each line, on another thread; whether it is kept. The newest MiB of them is.
     */
    public static ChildEnd run(List<String> command, Predicate<String> wanted, Duration bound)
            throws InterruptedException {
        return run(command, Map.of(), new KeptLines(wanted), bound);
    }

    private static ChildEnd run(
            List<String> command, Map<String, String> environment, KeptOutput stdout, Duration bound)
            throws InterruptedException {
        ChildProcess child;
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            child = ChildProcess.start(builder);
        } catch (IOException e) {
            return ChildEnd.notStarted(String.valueOf(e.getMessage()));
        }
        Process process = child.process();
        ProcessIdentity identity = ProcessIdentity.ofKnown(process.pid());
        Stream output = new Stream(process.getInputStream(), stdout);
        Stream errors = new Stream(process.getErrorStream(), KeptOutput.beginning());
        try {
            process.getOutputStream().close();
            output.start();
            errors.start();
            if (ended(process, output, errors, bound)) {
                return new ChildEnd(
                        output.text(),
                        errors.text(),
                        Optional.of(process.exitValue()),
                        Optional.empty(),
                        Optional.empty());
            }
            String hang = "pid " + process.pid() + " did not end within " + Durations.time(bound)
                    + ThreadStates.of(process.pid());
            boolean gone = child.kill(Deadline.in(AFTER_KILL));
            return new ChildEnd(
                    output.text(),
                    errors.text(),
                    Optional.empty(),
                    Optional.of(hang + (gone ? "; it was killed" : "; SIGKILL does not end it")),
                    Optional.empty());
        } catch (IOException e) {
            child.kill(Deadline.in(AFTER_KILL));
            return ChildEnd.notStarted(String.valueOf(e.getMessage()));
        } finally {
            child.endLeftBehind(identity);
        }
    }

    private static boolean ended(Process process, Stream output, Stream errors, Duration bound)
            throws InterruptedException {
        WaitedTime waited = new WaitedTime();
        for (long left = waited.toNextLook(bound); left > 0; left = waited.toNextLook(bound)) {
            if (process.waitFor(left, TimeUnit.NANOSECONDS) && output.ended(left) && errors.ended(left)) {
                return true;
            }
        }
        return false;
    }

    /** One of its streams, read to its end on a thread of its own. */
    private static final class Stream {
        private final InputStream in;
        private final KeptOutput kept;
        private Thread thread;

        Stream(InputStream in, KeptOutput kept) {
            this.in = in;
            this.kept = kept;
        }

        void start() throws IOException {
            thread = DaemonThread.start("probe", () -> ChildPipe.toItsEnd(in, this::read));
        }

        private void read() {
            byte[] buffer = new byte[8192];
            try (in) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    kept.take(buffer, count);
                }
            } catch (IOException _) {
                // It was killed because it hung; what it said before is kept.
                return;
            }
        }

        boolean ended(long nanos) throws InterruptedException {
            return thread.join(Duration.ofNanos(nanos));
        }

        String text() {
            return kept.text();
        }
    }
}
