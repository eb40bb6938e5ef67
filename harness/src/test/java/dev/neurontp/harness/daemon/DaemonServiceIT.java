package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.service.NotifyReceiver;
import dev.neurontp.testing.ProgramProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packaged daemon tells a service manager, seen from a real datagram socket. */
@Tag("long")
class DaemonServiceIT {
    @TempDir
    Path folder;

    private String path() {
        return folder.resolve("notify").toString();
    }

    private String abstractName() {
        return "@neurontp-" + folder.getFileName();
    }

    private void isToldOfStartAndEnd(String address) throws Exception {
        try (ProgramProcess manager = NotifyReceiver.at(address);
                DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NOTIFY_SOCKET", address))) {
            assertThat(manager.line()).isEqualTo("READY=1|STATUS=listening at " + neuron.url());
            neuron.terminate();
            assertThat(manager.line()).isEqualTo("STOPPING=1|STATUS=shutting its pools down");
            assertThat(neuron.program.exitCode()).isZero();
        }
    }

    @Test
    void aManagerWithASocketInTheFileSystemIsToldOfStartAndEnd() throws Exception {
        isToldOfStartAndEnd(path());
    }

    @Test
    void aManagerWithAnAbstractSocketIsToldOfStartAndEnd() throws Exception {
        isToldOfStartAndEnd(abstractName());
    }

    @Test
    void readyIsSaidOnceRequestsAreAnswered() throws Exception {
        try (ProgramProcess manager = NotifyReceiver.at(path());
                DaemonProcess neuron = DaemonProcess.run(folder, Map.of("NOTIFY_SOCKET", path()), "--port", "0");
                HttpClient client = HttpClient.newHttpClient()) {
            String url = manager.line().replaceFirst(".*listening at ", "");
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(URI.create(url + "/readyz")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(reply.statusCode()).as(neuron.program.stderr()).isLessThan(500);
        }
    }

    @Test
    void theWatchdogIsAnsweredUntilTheEnd() throws Exception {
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "400000");
        try (ProgramProcess manager = NotifyReceiver.at(path());
                DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            assertThat(manager.line()).startsWith("READY=1");
            assertThat(manager.line()).isEqualTo("WATCHDOG=1");
            assertThat(manager.line()).isEqualTo("WATCHDOG=1");
            neuron.terminate();
            manager.awaitLine("STOPPING=1");
        }
    }

    @Test
    void whatAWorkerIsStartedWithNamesNoManager() throws Exception {
        try (ProgramProcess manager = NotifyReceiver.at(path());
                DaemonProcess neuron = DaemonProcess.listening(
                        folder, Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "600000000", "WATCHDOG_PID", "1"))) {
            assertThat(manager.line()).startsWith("READY=1");
            neuron.pool(List.of());
            List<ProcessHandle> children =
                    neuron.program.process().toHandle().children().toList();
            assertThat(children)
                    .isNotEmpty()
                    .allSatisfy(child -> assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/environ")))
                            .contains("PATH=")
                            .doesNotContain("NOTIFY_SOCKET", "WATCHDOG_"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "/nosuch/socket"})
    void aSocketThatCannotBeToldIsNamedAndTheDaemonRuns(String address) throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NOTIFY_SOCKET", address))) {
            neuron.program.awaitLog("NOTIFY_SOCKET");
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
        }
    }
}
