package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.nio.file.Path;

/** What is asked of a fresh host on which a package is, whichever it was. */
final class InstalledUse {
    /** The worker in Python of the documentation. */
    static final Path WORKER = Programs.root().resolve("docs/junit-example/worker.py");

    private InstalledUse() {}

    static void isWhereShellsAndManLook(FreshHost host, String zsh) throws Exception {
        host.succeeds("""
                set -e
                for page in tpctl tpctl-bench-ping neuron; do gzip -dc /usr/share/man/man1/$page.1.gz | grep -q '^.TH '; done
                test -s /usr/share/bash-completion/completions/tpctl
                test -s /usr/share/fish/vendor_completions.d/tpctl.fish
                test -s %s
                program=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/neuron.service)
                test -x "${program%%%% *}"
                test -r "${program##* }"
                """.formatted(zsh));
        assertThat(host.succeeds("getent passwd neurontp")).contains(":/nonexistent:/usr/sbin/nologin");
    }

    /** As {@link #isOnThePath}, and the daemon of the unit as its user. */
    static void works(FreshHost host) throws Exception {
        isOnThePath(host);
        assertThat(host.succeeds("""
                set -e
                cd /
                mkdir -m 0700 /run/unit
                chown neurontp: /run/unit
                export NEURON_RUNTIME_DIR=/run/unit
                as="setpriv --reuid=neurontp --regid=neurontp --clear-groups"
                $as sh -c 'exec $(sed -n "s/^ExecStart=//p" /usr/lib/systemd/system/neuron.service)' >/tmp/out 2>/tmp/log &
                timeout 60 sh -c 'until grep -q status=listening /tmp/out; do sleep 0.1; done'
                $as tpctl create --communicator loopback -n 2 --wait >&2
                kill -TERM $!
                wait $!
                cat /tmp/out
                rm -r /tmp/out /tmp/log /run/unit
                """)).contains("status=listening", "status=stopped");
    }

    /** A demo, a judged worker and a pool's life, by the tpctl on the PATH, without a Java of the host. */
    static void isOnThePath(FreshHost host) throws Exception {
        assertThat(host.run("command -v java").getExitCode()).isNotZero();
        assertThat(host.succeeds("tpctl demo")).contains("3 of 3 ranks", "Done in");
        assertThat(host.succeeds("tpctl conformance run --stage 7a-i -- python3 /pkg/worker.py"))
                .contains("PASSED", " 0 failed");
        host.succeeds("id=$(tpctl up -d --communicator loopback) && tpctl ping -c 1 $id && tpctl shutdown $id");
        assertThat(host.succeeds("NEURON_JAVA_OPTS=-Xlog:aot=info:stderr tpctl --version 2>&1"))
                .contains("Using AOT-linked classes: true");
    }

    /** The folder that systemd makes for the unit, with what its daemon writes there; no systemd runs in the container. */
    static void leavesStateAsTheUnitDoes(FreshHost host) throws Exception {
        host.succeeds("install -d -m 700 -o neurontp -g neurontp /var/lib/neurontp/history"
                + " && touch /var/lib/neurontp/history/pool-abcdefgh.json");
    }

    /** What a person's own pools were is in that person's home, and no package's. */
    static void removesItsOwnHistory(FreshHost host) throws Exception {
        host.succeeds("rm -r ~/.local/state/neurontp && rmdir ~/.local/state ~/.local");
    }

    /** A daemon of the older version that is there runs through an upgrade, and then ends in order. */
    static void outlivesAnUpgrade(FreshHost host, String upgrade) throws Exception {
        host.succeeds("""
                echo '# mine' >>/etc/neurontp/neuron.toml
                setsid neuron --port 0 >/tmp/out 2>/tmp/err </dev/null &
                timeout 60 sh -c 'until grep -q status=listening /tmp/out; do sleep 0.1; done'
                tpctl create --communicator loopback -n 2 --name old --wait
                """);
        String old = host.succeeds("readlink /usr/lib/neurontp/current").strip();
        String jars =
                "for pid in $(grep -lsa neuron /proc/[0-9]*/cmdline); do ls -l ${pid%/*}/fd; done | grep '\\.jar'";
        assertThat(host.succeeds(jars)).contains(old);

        host.succeeds(upgrade);

        assertThat(host.succeeds("readlink /usr/lib/neurontp/current").strip()).isNotEqualTo(old);
        assertThat(host.succeeds("cat /etc/neurontp/neuron.toml")).contains("# mine");
        assertThat(host.succeeds(jars)).contains(old).doesNotContain("deleted");
        // The new tpctl speaks with the old daemon, which starts new workers of its own version.
        host.succeeds("tpctl ping -c 1 old && tpctl restart old");
        assertThat(host.succeeds("ls -l /proc/[0-9]*/exe 2>/dev/null | grep -o 'neurontp/.*' | sort -u"))
                .isEqualTo("neurontp/" + old + "/runtime/bin/java\n");
        host.succeeds("""
                pid=$(sed -n 's/^pid=//p' /tmp/out)
                kill -TERM $pid
                timeout 60 sh -c "while [ -e /proc/$pid ]; do sleep 0.1; done"
                grep -q status=stopped /tmp/out
                /usr/lib/neurontp/setup install
                """);
        assertThat(host.run("test -e /usr/lib/neurontp/" + old).getExitCode())
                .as("the older files went with their daemon")
                .isNotZero();
        assertThat(host.succeeds("tpctl demo")).contains("Done in");
    }
}
