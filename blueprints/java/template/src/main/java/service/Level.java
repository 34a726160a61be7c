package service;

/** How urgent a line of the log is; those below the configured one are left out. */
enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
}
