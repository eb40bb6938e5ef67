package dev.neurontp.harness.daemon.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon's side of the program that waits for Xids, which a script stands for. */
class XidWatchTest {
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path folder;

    private XidWatch watch(String script, Duration retry) {
        XidWatch.Listener listener = new XidWatch.Listener() {
            @Override
            public void watching(int gpu) {
                heard.add("watching " + gpu);
            }

            @Override
            public void xid(int gpu, long number) {
                heard.add("xid " + gpu + " " + number);
            }
        };
        XidWatch watch = new XidWatch(List.of("/bin/sh", "-c", script), listener, retry);
        watch.start();
        return watch;
    }

    @Test
    void whatComesIsHeardAndNothingElse() {
        String script = "printf 'watching 0\\nwatching 1\\nnoise\\nxid 1 79\\nxid x 79\\nxid 1 -1\\n"
                + "xid 1 99999999999999\\nproblem it is over\\nxid 0 31\\n'; cat";
        try (XidWatch _ = watch(script, Duration.ofHours(1))) {
            await().untilAsserted(() ->
                    assertThat(heard).containsExactly("watching 0", "watching 1", "xid 1 79", "xid 0 31"));
        }
    }

    @Test
    void aProgramThatEndsIsStartedAgain() {
        try (XidWatch _ = watch("echo watching 0", Duration.ofMillis(1))) {
            await().until(() -> heard.size() >= 3);
        }
    }

    /** As after a driver is loaded anew: a program that lived is no reason to wait longer than at first. */
    @Test
    void aProgramThatLivedLongerThanTheWaitIsStartedAgainAsSoonAsAtFirst() {
        // Doubled each time, the waits for 12 starts are 20 s.
        try (XidWatch _ = watch("echo watching 0; sleep 0.1", Duration.ofMillis(10))) {
            await().until(() -> heard.size() >= 12);
        }
    }

    @Test
    void aProgramThatEndsAtOnceIsStartedLaterAndLater() {
        assertThat(XidWatch.doubled(Duration.ofMinutes(2))).hasMinutes(4);
        assertThat(XidWatch.doubled(Duration.ofMinutes(45))).hasMinutes(60);
    }

    @Test
    void aLineWithoutAnEndEndsTheProgram() {
        try (XidWatch _ = watch("echo watching 0; yes x | tr -d '\\n'", Duration.ofMillis(1))) {
            await().until(() -> heard.size() >= 2);
        }
    }

    /** As one that hangs in the driver, but for the kernel. */
    @Test
    void aProgramThatHeedsNothingEndsWithTheWatch() throws Exception {
        Path pid = folder.resolve("pid");
        XidWatch watch = watch(
                "trap '' TERM; echo $$ >" + pid + ".part; mv " + pid + ".part " + pid + "; while :; do read x <"
                        + folder + "/none 2>/dev/null; done",
                Duration.ofHours(1));
        await().until(() -> Files.exists(pid));
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        watch.close();
        await().until(() -> !process.isAlive());
    }
}
