/** How much longer than usual things may take: programs under a sanitizer, a machine that has much else to do. */
export const patience = Number(process.env.NXG_TEST_PATIENCE ?? 1);

/** A time-out of the tests themselves, in ms; what is tested keeps its own times. */
export const patiently = (milliseconds: number) => milliseconds * patience;
