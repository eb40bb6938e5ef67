package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and labels of pools over HTTP. */
class PoolNamesTest {
    @TempDir
    Path folder;

    private static String named(String name) {
        return "{\"world_size\":2,\"name\":\"" + name + "\",\"labels\":{\"team\":\"search\",\"empty\":\"\"}}";
    }

    @Test
    void aNameAnswersWhereAnIdDoes() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply created = daemon.post("/pools?wait=30s", named("llama-70b"));
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            String id = created.json().get("id").stringValue();
            assertThat(daemon.get("/pools/llama-70b").json().get("id").stringValue())
                    .isEqualTo(id);
            assertThat(daemon.get("/pools").json().at("/pools/0/name").stringValue())
                    .isEqualTo("llama-70b");
            assertThat(daemon.get("/pools").json().at("/pools/0/labels").toString())
                    .isEqualTo("{\"team\":\"search\",\"empty\":\"\"}");
            assertThat(daemon.post("/pools/llama-70b/ping").json().get("pool").stringValue())
                    .isEqualTo(id);
            assertThat(daemon.get("/pools/llama-70b/logs").status()).isEqualTo(200);
            assertThat(daemon.get("/pools/llama-70b/events?since=0&follow=false")
                            .text())
                    .contains(id);
            assertThat(daemon.delete("/pools/llama-70b?wait=20s").status()).isEqualTo(200);
        }
    }

    @Test
    void noTwoLivePoolsHaveOneName() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first =
                    daemon.post("/pools?wait=30s", named("a")).json().get("id").stringValue();
            for (String name : new String[] {"a", first}) {
                HttpReply taken = daemon.post("/pools?wait=30s", named(name));
                assertThat(taken.status()).isEqualTo(409);
                assertThat(taken.error()).isEqualTo("name_taken");
                assertThat(taken.message()).contains("'" + name + "'", first);
                assertThat(taken.json().at("/error/detail/pool").stringValue()).isEqualTo(first);
            }
            daemon.delete("/pools/a?wait=20s");
            String second =
                    daemon.post("/pools?wait=30s", named("a")).json().get("id").stringValue();
            assertThat(second).isNotEqualTo(first);
            assertThat(daemon.get("/pools/a").json().get("id").stringValue()).isEqualTo(second);
            daemon.delete("/pools/a?wait=20s");
            // Both have ended: the newer one is meant.
            assertThat(daemon.get("/pools/a").json().get("id").stringValue()).isEqualTo(second);
            daemon.delete("/pools/a?wait=20s");
            assertThat(daemon.get("/pools/a").json().get("id").stringValue()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "-a", "a-", "a_b", "a.b", "a b", "ä", "a/b"})
    void whatIsNoNameIsRefusedWithTheRule(String name) throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply refused = daemon.post("/pools", named(name));
            assertThat(refused.error()).isEqualTo("wrong_shape");
            assertThat(refused.message()).contains("name is '", "lower-case letters");
            assertThat(refused.json().at("/error/detail/field").stringValue()).isEqualTo("name");
        }
    }

    @Test
    void namesAndLabelsAreBounded() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            assertThat(daemon.post("/pools", named("a".repeat(64))).error()).isEqualTo("wrong_shape");
            assertThat(daemon.post("/pools?wait=30s", named("a".repeat(63))).status())
                    .isEqualTo(201);
            String many =
                    IntStream.range(0, 33).mapToObj(i -> "\"l" + i + "\":\"v\"").collect(Collectors.joining(","));
            for (String labels : new String[] {
                many, "\"a\":1", "\"a\":null", "\"\":\"v\"", "\"a\":\"b c\"", "\"a\":\"" + "b".repeat(64) + "\""
            }) {
                HttpReply refused = daemon.post("/pools", "{\"world_size\":2,\"labels\":{" + labels + "}}");
                assertThat(refused.error()).as(labels).isEqualTo("wrong_shape");
                assertThat(refused.json().at("/error/detail/field").stringValue())
                        .isEqualTo("labels");
            }
        }
    }
}
