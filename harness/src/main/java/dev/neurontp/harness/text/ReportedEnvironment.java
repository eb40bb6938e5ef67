package dev.neurontp.harness.text;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What of an environment may stand in a report that leaves this host: never the whole, which may hold secrets. */
public final class ReportedEnvironment {
    private static final Pattern KEPT = Pattern.compile("(NCCL|CUDA|NVIDIA|NEURON|NEURONTP)_.*");
    private static final String SECRET_WORD =
            "TOKEN|SECRET|PASS|PWD|KEY|CRED|AUTH|COOKIE|BEARER|SESSION|PRIVATE|DSN|SIGNATURE";
    private static final Pattern SECRET = Pattern.compile("(?i).*(" + SECRET_WORD + ").*");

    /** A user and a password in an address. */
    private static final Pattern IN_ADDRESS = Pattern.compile("://[^/@\\s]*@");

    /** {@code -Ddb.password=x}, {@code ?token=x}, {@code user=bob password='x y'}. */
    private static final Pattern IN_VALUE = Pattern.compile("(?i)([\\w.-]*(?:" + SECRET_WORD
            + ")[\\w.-]*[\"']?\\s*[=:]\\s*)(\"[^\"]*\"|'[^']*'|(?:bearer |basic )?[^\\s&;,]+)");

    /** Tokens that their own beginning tells: Hugging Face, GitHub, GitLab, AWS, Slack, OpenAI, JWT. */
    private static final Pattern TOKEN =
            Pattern.compile("\\b(hf_|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|xox[abprs]-|sk-|eyJ)[\\w.-]{3,}");

    private static final int LONGEST = 500;

    private ReportedEnvironment() {}

    /** Of this process. */
    public static SortedMap<String, String> ofProcess() {
        return of(System.getenv());
    }

    /** The variables of NCCL, CUDA, NVIDIA and this project; whatever may be a secret is masked. */
    public static SortedMap<String, String> of(Map<String, String> environment) {
        SortedMap<String, String> kept = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (KEPT.matcher(name).matches()) {
                kept.put(
                        ForeignText.of(name, ForeignText.NAME),
                        SECRET.matcher(name).matches() ? "(masked)" : masked(ForeignText.of(value, LONGEST)));
            }
        });
        return kept;
    }

    /** Any text without what its own form tells to be a secret: a password in an address, {@code token=x}, a known kind of token. */
    public static String masked(String value) {
        String address = IN_ADDRESS.matcher(value).replaceAll("://(masked)@");
        String named = IN_VALUE.matcher(address).replaceAll("$1(masked)");
        return TOKEN.matcher(named).replaceAll("(masked)");
    }
}
