/** Names of the files of a listing that name one another. */

export const STORAGE_TEMPLATE_FILE = 'cloudformation-storage.json';
export const PRODUCT_TEMPLATE_FILE = 'cloudformation-product.json';
