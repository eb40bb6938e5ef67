package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostShortageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot run program \"/usr/bin/setsid\": error=24, Too many open files",
                "Cannot run program \"w\" (in directory \"/d\"): error=11, Resource temporarily unavailable",
                "Cannot run program \"w\": error=12, Cannot allocate memory",
                "Cannot run program \"w\": error=23, Too many open files in system",
                "Cannot run program \"w\": Exec failed, error: 11 (Resource temporarily unavailable)",
                "Cannot run program \"w\": posix_spawn failed, error: 12",
                "Cannot run program \"w\": Failed to read from spawn helper: pid 7, exit code: 127\nSpawn helper ...",
                "Too many open files"
            })
    void whatTheHostLacksIsNoFaultOfTheCommand(String message) {
        assertThatThrownBy(() -> HostShortage.requireNoneIn(new IOException(message)))
                .isInstanceOf(HostShortage.class)
                .hasMessage("the host gave it nothing to start a process with: "
                        + message.lines().findFirst().orElseThrow().replaceFirst("^Cannot.*\"\\)?: ", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot run program \"w\": error=2, No such file or directory",
                "Cannot run program \"w\": error=8, Exec format error",
                "Cannot run program \"w\": error=13, Permission denied",
                "Cannot run program \"error=24, Too many open files\": error=2, No such file or directory",
                "Cannot run program \"w\": error=113, No route to host",
                "Cannot run program \"w\": Failed to read from spawn helper: pid 7, exit code: 1"
            })
    void anythingElseIs(String message) {
        assertThatCode(() -> HostShortage.requireNoneIn(new IOException(message)))
                .doesNotThrowAnyException();
    }
}
