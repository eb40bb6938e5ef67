package dev.neurontp.harness.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Masks what may be a secret in texts that leave this host. */
public final class Secrets {
    /** What stands for a secret. */
    static final String MASKED = "(masked)";

    private static final Pattern SECRET = Pattern.compile(
            "TOKEN|SECRET|PASS|PWD|KEY|CRED|AUTH|COOKIE|BEARER|SESSION|PRIVATE|DSN|SIGNATURE",
            Pattern.CASE_INSENSITIVE);

    /** A user and a password in an address. */
    private static final Pattern IN_ADDRESS = Pattern.compile("://[^/@\\s]*@");

    /**
     * A name and what separates it from its value, as in {@code -Ddb.password=x}, {@code ?token=x}, {@code "key": x}. Nothing in
     * these patterns is tried twice, so that no text takes longer than its length: strangers write it.
     */
    private static final Pattern NAME = Pattern.compile("(?<![\\w.-])([\\w.-]++)[\"']?\\s*+[=:]\\s*+");

    /** {@code x}, {@code "x y"}, {@code 'x y'}, {@code Bearer x}. */
    private static final Pattern VALUE = Pattern.compile("(?i)\"[^\"]*\"|'[^']*'|(?:bearer |basic )?[^\\s&;,]+");

    /** Tokens that their own beginning tells: Hugging Face, GitHub, GitLab, AWS, Slack, OpenAI, JWT. */
    private static final Pattern TOKEN =
            Pattern.compile("\\b(hf_|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|xox[abprs]-|sk-|eyJ)[\\w.-]{3,}");

    private Secrets() {}

    /** Whether what has that name may be a secret: a variable, an option, a field. */
    static boolean isNamed(String name) {
        return SECRET.matcher(name).find();
    }

    /** The value of what has that name. */
    public static String masked(String name, String value) {
        return isNamed(name) ? MASKED : masked(value);
    }

    /** The words of a command line, without the values of options that are named like secrets. */
    public static List<String> masked(List<String> command) {
        List<String> words = new ArrayList<>();
        boolean value = false;
        for (String word : command) {
            words.add(value ? MASKED : masked(word));
            value = word.startsWith("-") && word.indexOf('=') < 0 && isNamed(word);
        }
        return words;
    }

    /** A text without what its own form tells to be a secret: a password in an address, {@code token=x}, a known kind of token. */
    public static String masked(String text) {
        String address = IN_ADDRESS.matcher(text).replaceAll("://" + MASKED + "@");
        return TOKEN.matcher(withoutNamed(address)).replaceAll(MASKED);
    }

    private static String withoutNamed(String text) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        Matcher name = NAME.matcher(text).useTransparentBounds(true);
        Matcher value = VALUE.matcher(text);
        while (name.find()) {
            if (isNamed(name.group(1))
                    && value.region(name.end(), text.length()).lookingAt()) {
                kept.append(text, from, name.end()).append(MASKED);
                from = value.end();
                name.region(from, text.length());
            }
        }
        return kept.append(text, from, text.length()).toString();
    }
}
