package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.ops.CommandResult;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidateUsageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --min-busbw 400                   | want hardware, and loopback has none
            --min-busbw nope=400              | 'nope' is no collective
            --min-busbw all_reduce=-4         | more than 0
            -o sum                            | The operator, nccl-tests' -o, is --op here
            -g 8                              | one rank has one GPU: -n 8 starts so many
            -t 2                              | one rank is one process: -n 2 starts so many
            -d half                           | --datatype half is its name here
            -z 1                              | no counterpart here
            --burn 0s                         | --burn is 0
            --datatype float128               | 'float128' is not known
            -b 8 -e 4                         | is less than --minbytes
            -f 2 -i 8                         | give one of them
            -i 1                              | -i 1 makes sizes up to the last one, which is not given: add -e SIZE
            --stepbytes 64M --full            | -i 64M makes sizes up to the last one, which is not given: add -e SIZE
            -r 7                              | there are ranks 0 to 1
            -e 1Q                             | is no size
            --quick --full                    | exclusive
            --baseline /nonexistent           | cannot be read
            --tolerance 200                   | a percentage
            --devices 0,1,2 -n 2              | names 3 devices for 2 ranks
            """)
    void whatCannotBeMeantIsRefusedBeforeAnythingStarts(String options, String why) {
        List<String> words = new ArrayList<>(List.of("validate", "--communicator", "loopback"));
        words.addAll(List.of(options.split(" +", -1)));
        CommandResult run =
                CommandResult.tpctl(RuntimeFolder.at(Path.of("target", "no-daemons")), words.toArray(String[]::new));
        assertThat(run.code()).as(run.all()).isEqualTo(ExitCode.USAGE);
        assertThat(run.all()).contains(why);
        assertThat(run.out()).isEmpty();
    }
}
