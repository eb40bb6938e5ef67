package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the host gives this program no thread for a connection, the limit is named, and not the daemon. */
class ThreadLimitTest {
    @TempDir
    Path folder;

    @Test
    void aConnectionWithoutAThreadNamesTheLimit() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "x".repeat(64));
        Daemon daemon = new Daemon(URI.create("http://127.0.0.1:1"), Token.named(file), null, Trust.usual());
        OutOfMemoryError none = new OutOfMemoryError("unable to create native thread: possibly out of memory");
        ConnectException connect = new ConnectException("x");
        connect.initCause(none);
        for (Throwable problem : List.of(
                none,
                new CompletionException(none),
                connect,
                new CompletionException(new IOException(none.getMessage(), none)))) {
            CommandException said = ConnectionErrors.of(daemon, problem, Duration.ofSeconds(1), false);
            assertThat(said.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(said).hasMessageContaining("limit on processes and threads is reached (ulimit -u is ");
        }
    }
}
