package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.client.Daemon;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thread that waits for the network when the process ends makes the JVM wait 300 ms for it. */
class OpenConnectionsTest {
    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool("abcd2345");

    @Test
    void noneIsLeftWhenTheProgramEnds() throws InterruptedException {
        assertThat(CommandResult.against(daemon, "ls").code()).isZero();
        assertThat(waiting()).isNotEmpty();
        Daemon.closeAll();
        assertThat(waiting()).isEmpty();
    }

    private static Set<String> waiting() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.endsWith("-SelectorManager"))
                .collect(Collectors.toSet());
    }
}
