package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.CommandResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code tpctl reload} and a real daemon. */
class ReloadIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    @Test
    void itSaysWhatHasChangedAndWhatNeedsARestart() throws Exception {
        Path config = Files.writeString(site.folder().resolve("neuron.toml"), "http.port = 0\n");
        LiveDaemonFixture.Live daemon =
                site.neuron("--config", config.toString()).awaiting("status=listening");
        CommandResult same = site.tpctl("reload");
        assertThat(same.code()).as(same.all()).isZero();
        assertThat(same.err()).contains("The settings are as they were.");
        assertThat(daemon.said()).contains("POST /reload by token from 127.0.0.1 port ", ", tpctl/", "): 200");

        Files.writeString(config, "http.port = 0\nlimits.pools = 3\nlimits.idle = \"9s\"\n");
        CommandResult changed = site.call("reload");
        assertThat(changed.out())
                .isEqualTo("limits.pools = 3  # was 16\nlimits.idle = \"9s\"  # was \"30s\"  (needs a restart)\n");

        CommandResult json = site.call("reload", "-o", "json");
        assertThat(json.out())
                .isEqualTo("{\"changed\":[],\"need_restart\":[{\"name\":\"limits.idle\",\"before\":\"\\\"30s\\\"\","
                        + "\"after\":\"\\\"9s\\\"\"}]}\n");

        Files.writeString(config, "http.port = 0\nlimits.pols = 3\n");
        CommandResult wrong = site.call("reload");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err())
                .contains(
                        "nothing has changed", config + " line 2, column 1", "did you mean 'limits.pools'", "Correct");
    }
}
