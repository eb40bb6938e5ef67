package dev.neurontp.harness.daemon.service;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that started this daemon how it is, by the protocol of sd_notify(3). Where none asks, nothing is
 * said. What cannot be told is logged, and the daemon goes on. Any thread may call, and none waits.
 */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final Pattern MICROSECONDS = Pattern.compile("[1-9][0-9]{4,15}");

    private final Optional<NotifySocket> socket;
    private final Optional<Duration> watchdog;
    /** What was logged last, so that a socket that nobody serves does not fill the log. */
    private final AtomicReference<String> lastProblem = new AtomicReference<>("");

    private ServiceManager(Optional<NotifySocket> socket, Optional<Duration> watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /** The one that the environment names for the process {@code pid}. */
    public static ServiceManager of(Map<String, String> environment, long pid) {
        Optional<NotifySocket> socket = socket(environment.getOrDefault("NOTIFY_SOCKET", ""));
        boolean ours = environment.getOrDefault("WATCHDOG_PID", "" + pid).equals("" + pid);
        return new ServiceManager(
                socket,
                socket.isPresent() && ours
                        ? watchdog(environment.getOrDefault("WATCHDOG_USEC", ""))
                        : Optional.empty());
    }

    private static Optional<NotifySocket> socket(String value) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NotifySocket(value));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "NOTIFY_SOCKET is '{}': {}; the service manager is not told anything",
                    ForeignText.of(value, ForeignText.NAME),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Duration> watchdog(String value) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!MICROSECONDS.matcher(value).matches()) {
            LOG.warn(
                    "WATCHDOG_USEC is '{}': it must be a number of microseconds, 10000 or more; the watchdog is not answered",
                    ForeignText.of(value, ForeignText.NAME));
            return Optional.empty();
        }
        return Optional.of(Duration.of(Long.parseLong(value), ChronoUnit.MICROS));
    }

    /** The daemon listens at {@code url}. From now on the watchdog is answered, while {@code probe} returns in time. */
    public void ready(String url, Runnable probe) {
        tell("READY=1\nSTATUS=listening at " + url);
        watchdog.ifPresent(limit -> answer(limit.dividedBy(2), probe));
    }

    /** The daemon ends its pools, and then itself. */
    public void stopping() {
        tell("STOPPING=1\nSTATUS=shutting its pools down");
    }

    private void answer(Duration interval, Runnable probe) {
        try {
            DaemonThread.start("watchdog", () -> {
                try {
                    while (true) {
                        if (DaemonThread.runWithin(interval, "watchdog-probe", probe)) {
                            tell("WATCHDOG=1");
                        } else {
                            report("the daemon did not answer itself within " + interval.toMillis() + " ms");
                        }
                        Thread.sleep(interval);
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        } catch (ThreadLimitException e) {
            LOG.error("the watchdog of the service manager is not answered: {}", e.getMessage());
        }
    }

    private void tell(String state) {
        socket.ifPresent(to -> {
            try {
                to.send(state);
                lastProblem.set("");
            } catch (IOException e) {
                report("the service manager is not told how this daemon is: NOTIFY_SOCKET: " + e.getMessage());
            }
        });
    }

    private void report(String problem) {
        if (!lastProblem.getAndSet(problem).equals(problem)) {
            LOG.warn(problem);
        }
    }
}
