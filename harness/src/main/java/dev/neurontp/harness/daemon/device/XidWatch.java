package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.nvml.XidProgram;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.JavaProgram;
import dev.neurontp.harness.process.LineBoundInput;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of the Xids of this host's GPUs from {@link XidProgram}, which waits for them beside the daemon. A program that ends is
 * started again, after longer and longer times unless it lived longer than the last of them.
 */
public final class XidWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(XidWatch.class);
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LAST_RETRY = Duration.ofHours(1);
    private static final Duration KILL = Duration.ofMillis(500);
    private static final int LONGEST_LINE = 1 << 12;
    private static final Pattern WATCHING = Pattern.compile(XidProgram.WATCHING + " (\\d{1,3})");
    private static final Pattern XID = Pattern.compile(XidProgram.XID + " (\\d{1,3}) (\\d{1,9})");
    private static final String PROBLEM = XidProgram.PROBLEM + " ";

    /** Hears of what comes, on a thread of the watch. */
    public interface Listener {
        /** The Xids of that GPU can be seen from now on; again after each start of the program. */
        void watching(int gpu);

        /** That GPU, by the index that nvidia-smi gives it, has reported an error; the number is one of NVIDIA's list. */
        void xid(int gpu, long number);
    }

    private final List<String> command;
    private final Listener listener;
    private final Duration firstRetry;
    private final CountDownLatch closed = new CountDownLatch(1);
    private String lastProblem = "";
    private boolean started;
    private volatile ChildProcess child;

    /** Not started yet. */
    public XidWatch(Listener listener) {
        this(JavaProgram.command(XidProgram.class), listener, FIRST_RETRY);
    }

    XidWatch(List<String> command, Listener listener, Duration firstRetry) {
        this.command = List.copyOf(command);
        this.listener = listener;
        this.firstRetry = firstRetry;
    }

    /** Begins to listen; the second call does nothing. Where the host has no thread for it, its log says so. */
    public synchronized void start() {
        if (started || isClosed()) {
            return;
        }
        started = true;
        try {
            DaemonThread.start("xids", this::watch);
        } catch (ThreadLimitException e) {
            LOG.warn("the Xids of the GPUs are not counted: {}", e.getMessage());
        }
    }

    private void watch() {
        Duration retry = firstRetry;
        try {
            while (!isClosed()) {
                Deadline wait = Deadline.in(retry);
                try {
                    follow();
                } catch (IOException e) {
                    problem(ForeignText.of(e.getMessage(), ForeignText.MESSAGE));
                }
                if (wait.expired()) {
                    // It was no failure to start: the driver was loaded anew, and may be there again at once.
                    retry = firstRetry;
                }
                closed.await(retry.toNanos(), TimeUnit.NANOSECONDS);
                retry = doubled(retry);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static Duration doubled(Duration retry) {
        Duration twice = retry.multipliedBy(2);
        return twice.compareTo(LAST_RETRY) < 0 ? twice : LAST_RETRY;
    }

    private void follow() throws IOException {
        // What a library prints is nobody's, and must not fill a pipe.
        ChildProcess own =
                ChildProcess.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD));
        child = own;
        if (isClosed()) {
            end(own);
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new LineBoundInput(own.process().getInputStream(), LONGEST_LINE), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(line);
            }
        } finally {
            end(own);
        }
    }

    private void heard(String line) {
        Matcher watching = WATCHING.matcher(line);
        Matcher xid = XID.matcher(line);
        if (watching.matches()) {
            listener.watching(Integer.parseInt(watching.group(1)));
        } else if (xid.matches()) {
            listener.xid(Integer.parseInt(xid.group(1)), Long.parseLong(xid.group(2)));
        } else if (line.startsWith(PROBLEM)) {
            problem(ForeignText.of(line.substring(PROBLEM.length()), ForeignText.MESSAGE));
        }
    }

    private void problem(String reason) {
        if (!isClosed() && !reason.equals(lastProblem)) {
            lastProblem = reason;
            LOG.info("the Xids of the GPUs are not counted: {}", reason);
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends the program; one that hangs in the driver is left to the kernel after half a second. */
    @Override
    public void close() {
        closed.countDown();
        ChildProcess own = child;
        if (own != null) {
            end(own);
        }
    }

    private static void end(ChildProcess own) {
        try {
            own.kill(Deadline.in(KILL));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        own.closePipes();
    }
}
