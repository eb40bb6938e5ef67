package dev.neurontp.conformance.check;

/** Numbers of things, as a person writes them: 1 case, 2 cases. */
public final class Count {

    private Count() {}

    /** So many of what has a plural in s. */
    public static String of(long number, String one) {
        return of(number, one, one + "s");
    }

    /** So many of what has a plural of its own. */
    public static String of(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
