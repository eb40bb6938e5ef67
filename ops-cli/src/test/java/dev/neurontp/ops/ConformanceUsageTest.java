package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code tpctl conformance} says before it starts anything. */
class ConformanceUsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run | after --",
                "run --stage 8 -- x | no stage is called '8'",
                "run --only Z* -- x | --only Z* matches no rule",
                "run --tries 0 -- x | --tries is 0",
                "run --timeout soon -- x | 'soon' is no duration",
                "run --report /proc/none -- x | --report /proc/none: nothing can be written there",
                "run --report= -- x | --report: '' names no file: it is empty",
                "run --report /etc/passwd -- x | /etc/passwd is no folder",
                "run --write-known-failures /proc/none/f -- x | --write-known-failures /proc/none/f: nothing can be",
                "run --known-failures /nosuch -- x | there is no file /nosuch",
                "run --known-failures /dev/zero -- x | cannot read /dev/zero: it is longer than 4 MiB",
                "run --contract-version 9.9 -- x | newer",
                "run --seed -1 --start-timeout 1ms -- x | --start-timeout is 1 ms",
                "run --suite= -- x | --suite is blank",
                "explain Z9 | no rule is called 'Z9'",
            })
    void whatCannotBeUsedEndsWithTwoAndTheRemedy(String arguments, String words) {
        CommandResult ran = CommandResult.tpctl(("conformance " + arguments).split(" "));
        assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains(words);
    }
}
