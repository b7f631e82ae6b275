export const base = '/api/v1/users';
export const password = 'correct horse battery';
export const person = { email: 'ann@shop.example', password, name: 'Ann', phone: '010-1234-5678' };
