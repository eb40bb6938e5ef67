package dev.neurontp.harness.preflight;

import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.preflight.Finding.Check;
import dev.neurontp.harness.preflight.Finding.Verdict;
import dev.neurontp.harness.process.BoundedRun;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.QuotedLines;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What it means that a launcher has ended, or has not, and this program did not speak. */
final class Unreached {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    /** The words of OpenSSH's client and its like, and what to do about each. */
    private enum Words {
        KEY(
                "Permission denied|Too many authentication failures",
                "put the key of this user into authorized_keys there, or name another with launchers."
                        + "LAUNCHER.options = [\"-i\", FILE, \"-l\", USER]"),
        HOST_KEY(
                "Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED",
                "put the host's key into known_hosts: ssh-keyscan, and compare the fingerprint"),
        NAME("Could not resolve|Name or service not known|not known", "correct the name, or set hosts.HOST.address"),
        REFUSED("Connection refused", "is sshd running there, at that port?"),
        ROUTE("No route to host|Network is unreachable|timed out|did not properly respond", ""),
        CROWDED(
                "kex_exchange_identification|Connection (reset|closed) by",
                "its sshd drops connections (MaxStartups), or a firewall does: try again");

        final Pattern pattern;
        final String remedy;

        Words(String pattern, String remedy) {
            this.pattern = Pattern.compile(pattern);
            this.remedy = remedy;
        }

        private String remedy(LauncherKind launcher) {
            return this == ROUTE ? launcher.routeRemedy() : remedy;
        }
    }

    private Unreached() {}

    static Finding of(BoundedRun run, Place place, Duration limit) {
        OptionalInt code = run.exitCode();
        String words = QuotedLines.last(run.stderrWithItsEnd(), ForeignText.MESSAGE);
        String said = words.isEmpty() ? saidOnStdout(run) : words;
        if (code.isEmpty()) {
            return new Finding(
                    Check.REACHABLE,
                    Verdict.FAIL,
                    "no report was heard within " + Durations.format(limit) + "; " + said,
                    "is the host up, and does its shell's start file end?");
        }
        String text =
                "the launcher '" + place.launcher().name() + "' ended with exit code " + code.getAsInt() + ": " + said;
        if (code.getAsInt() == NOT_FOUND || code.getAsInt() == NOT_EXECUTABLE) {
            return new Finding(
                    Check.PROGRAM,
                    Verdict.FAIL,
                    text,
                    LauncherKind.of(place.launcher())
                            .programRemedy()
                            .replace("LAUNCHER", place.launcher().name()));
        }
        Optional<Words> known = Optional.empty();
        for (Words one : Words.values()) {
            if (known.isEmpty() && one.pattern.matcher(words).find()) {
                known = Optional.of(one);
            }
        }
        boolean own = place.launcher().ownCodes().contains(code.getAsInt()) || known.isPresent();
        return new Finding(
                own ? Check.REACHABLE : Check.PROGRAM,
                Verdict.FAIL,
                text,
                known.map(one -> one.remedy(LauncherKind.of(place.launcher()))
                                .replace("HOST", place.host())
                                .replace("LAUNCHER", place.launcher().name()))
                        .orElse("run the launcher by hand, with neuron --version behind its words"));
    }

    private static String saidOnStdout(BoundedRun run) {
        String words = QuotedLines.last(run.stdoutWithItsEnd(), ForeignText.NAME);
        return words.isEmpty() ? "it said nothing" : "it said no report, but '" + words + "'";
    }
}
