package io.hypernetes.junit;

/** What a test closes without a word about exceptions. */
interface AutoClosed extends AutoCloseable {
    @Override
    void close();
}
