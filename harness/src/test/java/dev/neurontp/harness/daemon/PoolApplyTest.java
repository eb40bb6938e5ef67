package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pool is brought to what is asked for, as often as it is asked. */
class PoolApplyTest {
    private static final String TWO = "{\"world_size\":2,\"labels\":{\"a\":\"1\"}}";

    @TempDir
    Path folder;

    private static HttpReply apply(TestDaemon daemon, String query, String body) throws Exception {
        HttpReply reply = daemon.put("/pools/llama?wait=30s" + query, body);
        assertThat(reply.status()).as(reply.text()).isBetween(200, 202);
        return reply;
    }

    private static String result(HttpReply reply) {
        return reply.json().get("result").stringValue();
    }

    private static String id(HttpReply reply) {
        return reply.json().at("/pool/id").stringValue();
    }

    @Test
    void whatIsAskedTwiceIsDoneOnce() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply dry = apply(daemon, "&dry_run=true", TWO);
            assertThat(result(dry)).isEqualTo("created");
            assertThat(dry.json().get("pool").isNull()).isTrue();
            assertThat(daemon.get("/pools").json().get("pools")).isEmpty();

            HttpReply created = apply(daemon, "", TWO);
            assertThat(created.status()).isEqualTo(201);
            assertThat(result(created)).isEqualTo("created");
            assertThat(created.json().at("/pool/name").stringValue()).isEqualTo("llama");

            HttpReply again = apply(daemon, "", TWO);
            assertThat(again.status()).isEqualTo(200);
            assertThat(result(again)).isEqualTo("unchanged");
            // What the daemon would take anyway is no difference.
            HttpReply spelled = apply(
                    daemon,
                    "",
                    "{\"name\":\"llama\",\"world_size\":2,\"devices\":[0,1],\"labels\":{\"a\":\"1\"},\"communicator\":\"loopback\"}");
            assertThat(result(spelled)).isEqualTo("unchanged");
            assertThat(id(again)).isEqualTo(id(created)).isEqualTo(id(spelled));
        }
    }

    @Test
    void aPoolThatComesUpAlreadyIsWaitedForLikeANewOne() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String slow = TestDaemon.poolOf("late@1#1");
            HttpReply created = daemon.put("/pools/llama", slow);
            assertThat(created.status()).as(created.text()).isEqualTo(202);
            HttpReply again = apply(daemon, "", slow);
            assertThat(again.status()).isEqualTo(200);
            assertThat(result(again)).isEqualTo("unchanged");
            assertThat(again.json().at("/pool/state").stringValue()).isEqualTo("ready");
        }
    }

    @Test
    void whatManyAskForAtOnceIsDoneOnce() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder);
                ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<HttpReply>> asks = Collections.nCopies(10, () -> daemon.put("/pools/llama?wait=30s", TWO));
            List<String> ids = new ArrayList<>();
            for (Future<HttpReply> asked : askers.invokeAll(asks)) {
                assertThat(asked.get().status()).as(asked.get().text()).isBetween(200, 201);
                ids.add(id(asked.get()));
            }
            assertThat(ids).containsOnly(ids.getFirst());
            assertThat(daemon.get("/pools").json().get("pools")).hasSize(1);
        }
    }

    @Test
    void aPoolThatIsAnotherIsReplaced() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = id(apply(daemon, "", TWO));
            HttpReply dry = apply(daemon, "&dry_run=true", "{\"world_size\":3}");
            assertThat(result(dry)).isEqualTo("replaced");
            assertThat(daemon.state(first)).isEqualTo("ready");

            HttpReply replaced = apply(daemon, "", "{\"world_size\":3}");
            assertThat(result(replaced)).isEqualTo("replaced");
            assertThat(replaced.json().at("/pool/world_size").intValue()).isEqualTo(3);
            assertThat(daemon.state(first)).isEqualTo("gone");
            assertThat(daemon.get("/pools/llama").json().get("id").stringValue())
                    .isEqualTo(id(replaced));
        }
    }

    /** The one who replaces it may not even wait any more. */
    @ParameterizedTest
    @CsvSource({"PUT,DELETE", "PUT,shutdown", "restart,DELETE"})
    void whoEndsAPoolThatIsBeingReplacedEndsItsReplacementToo(String replace, String end) throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder);
                ExecutorService asker = Executors.newVirtualThreadPerTaskExecutor()) {
            String first = id(apply(daemon, "", TestDaemon.poolOf("silent@1#2")));
            Future<HttpReply> replaced = asker.submit(() -> replace.equals("PUT")
                    ? daemon.put("/pools/llama?wait=30s", "{\"world_size\":3}")
                    : daemon.post("/pools/llama/restart?wait=30s"));
            await().until(() -> daemon.state(first).equals("stopping"));
            assertThat(daemon.get("/readyz?verbose").text())
                    .contains("[-] pool " + first + ": ended for the one that is to take its place");
            HttpReply ended = end.equals("DELETE")
                    ? daemon.delete("/pools/llama?wait=30s")
                    : daemon.post("/pools/llama/shutdown?wait=30s");
            assertThat(ended.status()).as(ended.text()).isEqualTo(200);
            HttpReply refused = replaced.get();
            assertThat(refused.status()).as(refused.text()).isEqualTo(409);
            assertThat(refused.json().at("/error/type").stringValue()).isEqualTo("pool_ended");
            assertThat(daemon.get("/pools").json().get("pools"))
                    .extracting(pool -> pool.get("id").stringValue())
                    .containsExactly(first);
        }
    }

    @Test
    void otherLabelsAndAnotherRestartPolicyEndNoPool() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = id(apply(daemon, "", TWO));
            HttpReply labelled = apply(daemon, "", "{\"world_size\":2,\"labels\":{\"b\":\"2\"}}");
            assertThat(result(labelled)).isEqualTo("configured");
            assertThat(id(labelled)).isEqualTo(first);
            assertThat(daemon.get("/pools/llama").json().get("labels").toString())
                    .isEqualTo("{\"b\":\"2\"}");
            HttpReply policy = apply(daemon, "", "{\"world_size\":2,\"restart\":\"on-failure\"}");
            assertThat(result(policy)).isEqualTo("configured");
            assertThat(policy.json().at("/pool/restart/policy").stringValue()).isEqualTo("on-failure");
        }
    }

    @Test
    void aPoolThatHasFailedIsCreatedAgain() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = id(apply(daemon, "", TWO));
            long pid = daemon.get("/pools/llama").json().at("/ranks/1/pid").longValue();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            // Its end may still be under way then.
            await().until(() -> daemon.state(first).equals("failed"));
            assertThat(daemon.get("/readyz").status()).isEqualTo(503);
            HttpReply again = apply(daemon, "", TWO);
            assertThat(result(again)).isEqualTo("created");
            assertThat(daemon.state(first)).isEqualTo("failed");
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
            assertThat(daemon.get("/readyz?verbose").text())
                    .contains("[+] pool " + first + ": the pool " + id(again) + " is in its place; failed: ");
        }
    }

    @Test
    void whatCannotBeLeavesThePoolAsItIs() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = id(apply(daemon, "", TWO));
            for (String wrong : new String[] {
                "{\"world_size\":65}",
                "{\"world_size\":2,\"name\":\"other\"}",
                "{\"world_size\":2,\"command\":[\"/bin/sh\"]}"
            }) {
                assertThat(daemon.put("/pools/llama", wrong).status()).as(wrong).isIn(403, 422);
            }
            assertThat(daemon.put("/pools/No_name", TWO).error()).isEqualTo("wrong_shape");
            assertThat(daemon.state(first)).isEqualTo("ready");
        }
    }
}
