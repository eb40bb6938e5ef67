package dev.neurontp.harness.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.ProgramProcess;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceManagerTest {
    @TempDir
    Path folder;

    @Test
    void aDaemonThatDoesNotAnswerItselfDoesNotAnswerTheWatchdog() throws Exception {
        String address = folder.resolve("notify").toString();
        CountDownLatch asked = new CountDownLatch(3);
        CountDownLatch end = new CountDownLatch(1);
        try (ProgramProcess receiver = NotifyReceiver.at(address)) {
            ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "100000"), 1);
            manager.ready("http://here", () -> {
                asked.countDown();
                awaitUninterruptibly(end);
            });
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            manager.stopping();

            assertThat(receiver.line()).isEqualTo("READY=1|STATUS=listening at http://here");
            assertThat(receiver.line()).startsWith("STOPPING=1");
        } finally {
            end.countDown();
        }
    }

    /** Once per change, not once per answer: a service runs for years. */
    @Test
    void aSocketThatNobodyServesDoesNotFillTheLog() throws Exception {
        CountDownLatch asked = new CountDownLatch(5);
        List<String> records = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger(ServiceManager.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            Map<String, String> environment =
                    Map.of("NOTIFY_SOCKET", folder.resolve("nobody").toString(), "WATCHDOG_USEC", "20000");
            ServiceManager manager = ServiceManager.of(environment, 1);
            manager.ready("http://here", asked::countDown);
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            manager.stopping();
        } finally {
            log.removeHandler(handler);
        }
        assertThat(records).singleElement().asString().contains("NOTIFY_SOCKET: No such file");
    }

    /** Nobody can answer within a microsecond: the daemon would start threads and log without a pause. */
    @Test
    void aWatchdogThatNobodyCanAnswerIsNotAnswered() {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", folder.resolve("nobody").toString(), "WATCHDOG_USEC", "9999");
        long before = watchdogs();
        ServiceManager.of(environment, 1).ready("http://here", () -> {});
        assertThat(watchdogs()).isEqualTo(before);
    }

    /** 300 years and more: beyond what nanoseconds can count. */
    @ParameterizedTest
    @ValueSource(strings = {"9223372036854776", "9999999999999999"})
    void aWatchdogThatWaitsForCenturiesIsNotAnsweredWithoutAPause(String microseconds) throws Exception {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", folder.resolve("nobody").toString(), "WATCHDOG_USEC", microseconds);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        CountDownLatch asked = new CountDownLatch(1);
        AtomicInteger times = new AtomicInteger();
        ServiceManager.of(environment, 1).ready("http://here", () -> {
            times.incrementAndGet();
            asked.countDown();
        });
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        Thread watchdog = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("watchdog") && !before.contains(thread))
                .findFirst()
                .orElseThrow();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> Arrays.stream(watchdog.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().startsWith("sleep")));
        assertThat(times).hasValue(1);
    }

    /** Those of other tests go on. */
    private static long watchdogs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("watchdog"))
                .count();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "vsock:2:1234"})
    void whatIsNoAddressOfASocketIsRefused(String address) {
        assertThatThrownBy(() -> new NotifySocket(address)).hasMessageContaining("it must be a path from / on");
    }

    @Test
    void aPathThatNoSocketCanHaveIsRefused() {
        assertThatThrownBy(() -> new NotifySocket("/" + "a".repeat(107))).hasMessageContaining("fewer than 108 bytes");
    }

    @Test
    void aManagerThatDoesNotAskIsToldNothing() {
        ServiceManager manager = ServiceManager.of(Map.of("WATCHDOG_USEC", "10"), 1);
        manager.ready("http://here", () -> {
            throw new AssertionError("nobody watches");
        });
        manager.stopping();
    }
}
