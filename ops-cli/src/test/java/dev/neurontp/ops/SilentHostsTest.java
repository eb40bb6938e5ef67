package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.neurontp.worker.os.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon answers for a pool on other hosts when it has heard them: that they are silent is not its fault. */
@Tag("long")
class SilentHostsTest {
    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool("k3vd7q2m");

    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void nothingIsAnsweredForANewPool() {
        daemon.on("POST /pools", this::await);
    }

    private void await(HttpExchange unanswered) {
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void letItGo() {
        over.countDown();
    }

    /** Also with a wait for its first answers, which goes another way. */
    private List<CommandResult> both(String... hosts) throws Exception {
        List<String> create = new ArrayList<>(List.of("create", "-n", "2", "--timeout", "300ms"));
        create.addAll(List.of(hosts));
        CommandResult once = CommandResult.against(daemon, create.toArray(String[]::new));
        create.add("--wait");
        return List.of(once, CommandResult.against(daemon, create.toArray(String[]::new)));
    }

    @Test
    void hostsThatAreNotHeardAreNotTakenForADaemonThatDoesNotAnswer() throws Exception {
        daemon.on("GET /pools", 200, Examples.pools(Examples.summary("k3vd7q2m", "starting", null)));
        for (CommandResult ran : both("--hosts", "far:0-1", "--launcher", "x")) {
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
            assertThat(ran.err())
                    .contains("not all of its hosts were heard", "tpctl preflight")
                    .doesNotContain("jstack", "did not answer");
        }
    }

    /** And an old pool that takes its time for its end. */
    @Test
    void norByARestart() {
        String old = Examples.summary("k3vd7q2m", "failed", "short");
        daemon.on("GET /pools", 200, Examples.pools(old)).on("POST /pools/k3vd7q2m/restart", exchange -> {
            daemon.on(
                    "GET /pools",
                    200,
                    Examples.pools(
                            old,
                            Examples.summary("aaaaaaaa", "starting", null)
                                    .replaceFirst("\"pids\":\\[[^]]*]", "\"pids\":[]")));
            await(exchange);
        });
        CommandResult ran = CommandResult.against(daemon, "restart", "k3vd7q2m", "--timeout", "300ms");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("not all of its hosts were heard").doesNotContain("jstack");
        daemon.on("GET /pools", 200, Examples.pools(Examples.summary("k3vd7q2m", "stopping", null)))
                .on("POST /pools/k3vd7q2m/restart", this::await);
        assertThat(CommandResult.against(daemon, "restart", "k3vd7q2m", "--timeout", "300ms")
                        .err())
                .contains("the pool k3vd7q2m is still being shut down")
                .doesNotContain("jstack");
    }

    @Test
    void aDaemonThatDoesNotAnswerIsNamedAsBefore() throws Exception {
        daemon.on("GET /pools", 500, "{}");
        for (CommandResult ran : both("--hosts", "far:0-1", "--launcher", "x")) {
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
            assertThat(ran.err()).contains("did not answer within");
        }
        daemon.on("GET /pools", 200, Examples.pools(Examples.summary("k3vd7q2m", "starting", null)));
        for (CommandResult ran : both()) {
            assertThat(ran.err()).contains("did not answer within");
        }
    }
}
