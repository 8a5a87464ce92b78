document.title = 'Calotype'
