package dev.neurontp.harness.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.testing.ProgramProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
