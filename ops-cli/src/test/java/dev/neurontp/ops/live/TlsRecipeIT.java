package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines of docs/operating.md, "With TLS", as they stand there, on two hosts: network namespaces with an address each, and a file
 * of hosts of their own.
 */
@Tag("long")
class TlsRecipeIT {
    private static final Pattern SECTION = Pattern.compile("(?s)\n### With TLS\n(.*?)\n### ");
    private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w*)\n(.*?)```");

    /** Where the program of this process tree runs: a network and a file of hosts that nobody else has. */
    private static final List<String> ALONE = List.of("unshare", "--net", "--mount");

    private static final String HOSTS = """
            set -eu
            cd "$1"
            ip link set lo up
            unshare --net sleep 600 & other=$!
            trap 'kill $other' EXIT
            until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
            ip link add here type veth peer name there netns $other
            ip addr add 192.0.2.7/24 dev here
            ip link set here up
            nsenter -t $other -n ip link set lo up
            nsenter -t $other -n ip addr add 192.0.2.8/24 dev there
            nsenter -t $other -n ip link set there up
            printf '127.0.0.1 localhost\\n192.0.2.7 node-1\\n' > hosts
            mount --bind hosts /etc/hosts
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void hosts() throws Exception {
        for (List<String> need : List.of(
                List.of("openssl", "version"), List.of("ip", "-V"), List.of("nsenter", "--version"), alone("true"))) {
            assumeTrue(Programs.runs(need), "SKIPPED: this host does not run " + String.join(" ", need));
        }
    }

    private static List<String> alone(String... command) {
        List<String> words = new ArrayList<>(ALONE);
        words.addAll(List.of(command));
        return words;
    }

    @Test
    void theLinesOfTheGuideWorkBetweenTwoHostsAndSoDoesANewCertificate() throws Exception {
        Matcher section = SECTION.matcher(Files.readString(Programs.root().resolve("docs/operating.md")));
        assertThat(section.find()).isTrue();
        Matcher blocks = BLOCK.matcher(section.group(1));
        assertThat(blocks.find()).isTrue();
        List<String> commands = blocks.group(2).replace("\\\n", " ").lines().toList();
        assertThat(commands)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("openssl req "),
                        line -> assertThat(line).startsWith("neuron "),
                        line -> assertThat(line).startsWith("tpctl ls "),
                        line -> assertThat(line).startsWith("tpctl ls --host "));
        assertThat(blocks.find()).isTrue();
        assertThat(blocks.group(1)).isEqualTo("toml");
        Files.writeString(folder.resolve("neuron.toml"), blocks.group(2));
        String script = HOSTS + """
                %1$s
                %2$s > said 2> log & daemon=$!
                trap 'kill $daemon $other' EXIT
                until grep -q status=listening said; do kill -0 $daemon; sleep 0.1; done
                %3$s
                cp "$NEURON_RUNTIME_DIR/token" node-1.token
                chmod 600 node-1.token
                nsenter -t $other -n env NEURON_RUNTIME_DIR="$1/elsewhere" sh -c '%4$s'
                echo first
                old=$(openssl x509 -in node-1.pem -noout -fingerprint)
                %1$s
                test "$old" != "$(openssl x509 -in node-1.pem -noout -fingerprint)"
                until grep -q 'the certificate was read again' log; do kill -0 $daemon; sleep 0.1; done
                %3$s
                nsenter -t $other -n env NEURON_RUNTIME_DIR="$1/elsewhere" sh -c '%4$s'
                echo second
                """.formatted(commands.get(0), commands.get(1), commands.get(2), commands.get(3));
        Path file = Files.writeString(folder.resolve("recipe.sh"), script);
        ProcessBuilder builder = new ProcessBuilder(alone("sh", file.toString(), folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        Path bin = Path.of(Programs.tpctl()).getParent();
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().put("NEURON_RUNTIME_DIR", folder.resolve("run").toString());
        int code = builder.start().waitFor();
        String said = Files.readString(folder.resolve("out"), StandardCharsets.UTF_8);
        assertThat(code).as(said).isZero();
        assertThat(said).contains("first", "second");
        assertThat(said.split("No pool that lives", -1)).as(said).hasSize(5);
    }
}
