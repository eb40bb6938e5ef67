package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** Pools that fail in the moment in which they are up. */
class FailedStartTest {
    @TempDir
    Path folder;

    @RepeatedTest(3)
    void whatIsCreatedHasNotFailedInTheSameAnswer() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            for (int i = 0; i < 60; i++) {
                HttpReply created = daemon.post("/pools?wait=20s", TestDaemon.poolOf("dies-behind-it@1#1"));
                assertThat(created.status()).as(created.toString()).isIn(201, 409);
                if (created.status() == 201) {
                    assertThat(created.json().get("state").stringValue())
                            .as(created.toString())
                            .isEqualTo("ready");
                } else {
                    assertThat(created.error()).isEqualTo("pool_failed");
                }
            }
        }
    }
}
