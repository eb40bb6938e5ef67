package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code require_home} of bin/common.sh: a build where nobody has set HOME, as in a service, cron or a container. */
class BuildHomeIT {
    private static final String SCRIPT =
            "set -eu; neurontp_program=test neurontp_root=$1; . \"$neurontp_root/bin/common.sh\"; unset HOME MAVEN_USER_HOME; require_home; echo \"$HOME\"";

    /** A user of which passwd knows nothing. */
    private static final List<String> NOBODY = List.of("setpriv", "--reuid=54321", "--clear-groups");

    private record Said(int code, String words) {}

    private static Said run(List<String> as) throws Exception {
        Process process = new ProcessBuilder(Programs.concat(
                        as, "sh", "-c", SCRIPT, "sh", Programs.root().toString()))
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), words.strip());
    }

    @Test
    void passwdSaysWhereItIs() throws Exception {
        Said said = run(List.of());
        assertThat(said).isEqualTo(new Said(0, System.getProperty("user.home")));
    }

    @Test
    void whereItDoesNotEitherThatIsSaidWithWhatToDo() throws Exception {
        assumeTrue(Programs.runs(Programs.concat(NOBODY, "true")), "SKIPPED: it needs root and setpriv");
        Said said = run(NOBODY);
        assertThat(said.words())
                .isEqualTo(
                        "test: HOME is not set, and the user 54321 has no home in /etc/passwd: set HOME to a folder that can be"
                                + " written, for what Maven fetches");
        assertThat(said.code()).isEqualTo(2);
    }
}
